import { lookup as dnsLookup, type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction, type Socket } from 'node:net';
import { isLoopback, nonPublicKind } from './address.ts';
import { createAllowList, pairOf, pairOfUrl } from './allow-list.ts';
import { EgressRefused } from './egress-error.ts';

/** Resolves a host name to its addresses. Replaced in tests; the default asks the operating system. */
export type Resolve = (hostname: string) => Promise<readonly LookupAddress[]>;

/** Where a connection is meant to go; `hostname` without brackets, an empty `port` for the scheme's default. */
export interface GuardedTarget {
  readonly protocol: string;
  readonly hostname: string;
  readonly port: string | number;
}

/** Which addresses one kind of target may have. */
export interface AddressRule {
  readonly kind: 'public' | 'loopback' | 'operator';
  readonly accepts: (address: string) => boolean;
  /** Resolves names to accepted addresses only. One bad address refuses the whole name. */
  readonly lookup: LookupFunction;
}

/** Judges where connections may go: public addresses, loopback ports that were allowed, and what the operator named. */
export interface Guard {
  readonly publicRule: AddressRule;
  readonly loopbackRule: AddressRule;
  readonly operatorRule: AddressRule;
  ruleOf(target: GuardedTarget): AddressRule;
}

/** What a guard lets pass beside public addresses. */
export interface GuardOptions {
  /** `host:port` pairs on loopback. */
  readonly allow: readonly string[];
  /** URLs of services that the operator runs: their `host:port` may be anywhere, in a private network too. */
  readonly operatorUrls?: readonly string[];
  readonly resolve?: Resolve;
}

/** Builds the guard. Throws RangeError for an allow entry that is not on loopback, TypeError for a URL that is none. */
export function createGuard(options: GuardOptions): Guard {
  const allow = createAllowList(options.allow);
  const operators = new Set((options.operatorUrls ?? []).map(pairOfUrl));
  const resolve = options.resolve ?? resolveBySystem;
  const publicRule = ruleFor('public', isPublic, resolve);
  const loopbackRule = ruleFor('loopback', isLoopback, resolve);
  const operatorRule = ruleFor('operator', () => true, resolve);
  return {
    publicRule,
    loopbackRule,
    operatorRule,
    ruleOf({ hostname, port, protocol }) {
      if (allow.size === 0 && operators.size === 0) return publicRule;
      const pair = pairOf(hostname, port, protocol);
      if (operators.has(pair)) return operatorRule;
      return allow.has(pair) ? loopbackRule : publicRule;
    },
  };
}

/** Why a target that is written as an IP address may not be reached; null for names, which `lookup` judges. */
export function literalProblem(rule: AddressRule, hostname: string): EgressRefused | null {
  return isIP(hostname) !== 0 && !rule.accepts(hostname) ? refusal(hostname, hostname) : null;
}

/** Why a connected socket may not be used, after destroying it; null when its remote address is accepted. */
export function socketProblem(rule: AddressRule, hostname: string, socket: Socket): EgressRefused | null {
  if (rule.accepts(socket.remoteAddress ?? '')) return null;
  const address = socket.remoteAddress ?? 'unknown';
  socket.destroy();
  return refusal(hostname, address);
}

function ruleFor(kind: AddressRule['kind'], accepts: AddressRule['accepts'], resolve: Resolve): AddressRule {
  return { kind, accepts, lookup: guardedLookup(resolve, accepts) };
}

function isPublic(address: string): boolean {
  return nonPublicKind(address) === null;
}

function refusal(hostname: string, address: string): EgressRefused {
  const named = hostname === address ? address : `${hostname} is at ${address}`;
  return new EgressRefused('address', `${named}, which is not public (${nonPublicKind(address) ?? 'not allowed'})`);
}

/** One bad address refuses the whole name: an honest name has no private address beside a public one. */
function guardedLookup(resolve: Resolve, accepts: (address: string) => boolean): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname).then(
      (addresses) => {
        const bad = addresses.find((entry) => !accepts(entry.address));
        const first = addresses[0];
        if (bad) callback(refusal(hostname, bad.address), '');
        else if (!first) callback(new Error(`no address for ${hostname}`), '');
        else if (options.all) callback(null, [...addresses]);
        else callback(null, first.address, first.family);
      },
      (error: NodeJS.ErrnoException) => callback(error, ''),
    );
  };
}

function resolveBySystem(hostname: string): Promise<readonly LookupAddress[]> {
  return new Promise((done, failed) => {
    dnsLookup(hostname, { all: true }, (error, addresses) => (error ? failed(error) : done(addresses)));
  });
}
