import { connect as connectTcp, isIP, type LookupFunction, type Socket } from 'node:net';
import {
  connect as connectTls,
  createSecureContext,
  rootCertificates,
  type SecureContext,
  type TLSSocket,
} from 'node:tls';
import { CONNECT_TIMEOUT_MS_DEFAULT, type ConnectorOptions } from './connector.ts';
import { EgressFailed } from './egress-error.ts';
import { createGuard, literalProblem, socketProblem } from './guard.ts';

/** A connected socket, over TLS already verified, or why there is none. */
export type Opened =
  | { readonly kind: 'opened'; readonly socket: Socket }
  | { readonly kind: 'failed'; readonly cause: Error };

/**
 * Opens one socket to an origin (`http:` or `https:`, host and port of the URL). `done` is called once, never before this
 * returns, and never after the returned function was called, which gives the attempt up.
 */
export type OpenSocket = (origin: URL, done: (opened: Opened) => void) => () => void;

interface Address {
  readonly host: string;
  readonly port: number;
  readonly lookup: LookupFunction;
}

/** Whom TLS believes, and sessions to resume, by origin. */
interface Trust {
  readonly secureContext?: SecureContext;
  readonly sessions: Map<string, Buffer>;
}

const TCP_KEEP_ALIVE_MS = 60_000;
const SESSIONS_MAX = 256;

/**
 * Sockets for a client of its own, to the same addresses as `createConnector` reaches: every resolved address is judged
 * before a packet leaves, and the socket's remote address again after connecting. TLS speaks HTTP/1.1 only, names the
 * server and verifies its certificate. Fails with EgressRefused('address'), EgressFailed('timeout') or the socket's error.
 */
export function createSocketOpener(options: ConnectorOptions): OpenSocket {
  const guard = createGuard(options);
  const timeoutMs = options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS_DEFAULT;
  const { ca } = options;
  const trust: Trust = {
    sessions: new Map(),
    ...(ca === undefined ? {} : { secureContext: createSecureContext({ ca: [...rootCertificates, ca] }) }),
  };

  return (origin, done) => {
    const hostname = origin.hostname.replace(/^\[|\]$/g, '');
    const rule = guard.ruleOf({ protocol: origin.protocol, hostname, port: origin.port });
    const problem = literalProblem(rule, hostname);
    if (problem !== null) return soon(() => done({ kind: 'failed', cause: problem }));
    const secure = origin.protocol === 'https:';
    const address = { host: hostname, port: Number(origin.port || (secure ? 443 : 80)), lookup: rule.lookup };
    const socket = secure ? openTls(address, origin.host, trust) : connectTcp(address);
    return settleOnce(socket, secure ? 'secureConnect' : 'connect', timeoutMs, hostname, (cause) => {
      const refused = cause ?? socketProblem(rule, hostname, socket);
      if (refused !== null) {
        done({ kind: 'failed', cause: refused });
        return;
      }
      socket.setNoDelay(true);
      socket.setKeepAlive(true, TCP_KEEP_ALIVE_MS);
      done({ kind: 'opened', socket });
    });
  };
}

function openTls(address: Address, origin: string, { sessions, secureContext }: Trust): TLSSocket {
  const session = sessions.get(origin);
  const socket = connectTls({
    ...address,
    ALPNProtocols: ['http/1.1'],
    ...(isIP(address.host) === 0 ? { servername: address.host } : {}),
    rejectUnauthorized: true,
    ...(secureContext === undefined ? {} : { secureContext }),
    ...(session === undefined ? {} : { session }),
  });
  socket.on('session', (fresh) => {
    if (sessions.size >= SESSIONS_MAX) sessions.clear();
    sessions.set(origin, fresh);
  });
  return socket;
}

/** Calls `settled` once: connected (null), failed, or too late. The returned function ends the attempt silently. */
function settleOnce(
  socket: Socket,
  connected: 'connect' | 'secureConnect',
  timeoutMs: number,
  hostname: string,
  settled: (cause: Error | null) => void,
): () => void {
  const timer = setTimeout(() => {
    finish(new EgressFailed('timeout', hostname, null));
    socket.destroy();
  }, timeoutMs);
  const onError = (error: Error) => finish(error);
  const onClose = () => finish(new EgressFailed('unreachable', hostname, null));
  const onConnected = () => finish(null);
  let over = false;

  function stop(): boolean {
    if (over) return false;
    over = true;
    clearTimeout(timer);
    socket.off(connected, onConnected).off('close', onClose);
    return true;
  }
  function finish(cause: Error | null): void {
    if (!stop()) return;
    if (cause === null) socket.off('error', onError);
    settled(cause);
  }

  socket.on(connected, onConnected).on('error', onError).on('close', onClose);
  return () => {
    if (stop()) socket.destroy();
  };
}

function soon(run: () => void): () => void {
  let given = true;
  process.nextTick(() => {
    if (given) run();
  });
  return () => {
    given = false;
  };
}
