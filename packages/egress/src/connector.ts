import { buildConnector } from 'undici';
import { type AddressRule, createGuard, type GuardOptions, literalProblem, socketProblem } from './guard.ts';

/** What every egress connection is built from. */
export interface ConnectorOptions extends GuardOptions {
  /** Time for name resolution, TCP and TLS together. Default 10,000. */
  readonly connectTimeoutMs?: number;
  /** Extra trusted certificate authorities in PEM, for TLS upstreams with a private one. */
  readonly ca?: string;
}

/** How long a connection may take to be made, where nobody says otherwise. */
export const CONNECT_TIMEOUT_MS_DEFAULT = 10_000;

/**
 * An undici connector that reaches public addresses and what its guard lets pass besides. Every resolved address is judged
 * before a packet leaves, and the socket's own remote address again after connecting, so no second lookup can differ.
 * Fails with EgressRefused('address').
 */
export function createConnector(options: ConnectorOptions): buildConnector.connector {
  const guard = createGuard(options);
  const base = {
    timeout: options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS_DEFAULT,
    ...(options.ca === undefined ? {} : { ca: options.ca }),
  };
  const connectorFor = ({ lookup }: AddressRule) => buildConnector({ ...base, lookup });
  const connectors = {
    public: connectorFor(guard.publicRule),
    loopback: connectorFor(guard.loopbackRule),
    operator: connectorFor(guard.operatorRule),
  };

  return (target, callback) => {
    const rule = guard.ruleOf(target);
    const problem = literalProblem(rule, target.hostname);
    if (problem !== null) {
      callback(problem, null);
      return;
    }
    connectors[rule.kind](target, (...[error, socket]) => {
      if (error) {
        callback(error, null);
        return;
      }
      const refused = socketProblem(rule, target.hostname, socket);
      if (refused === null) callback(null, socket);
      else callback(refused, null);
    });
  };
}
