import { EgressFailed, EgressRefused, type RefusalReason } from '@tollwright/egress';

/** Refusals that come before a connection is made. */
const refusedBefore: ReadonlySet<RefusalReason> = new Set(['url-invalid', 'scheme', 'credentials-in-url', 'address']);

/** What ends a connection attempt: no byte of a request is written before there is a connection. */
const connectCodes: ReadonlySet<unknown> = new Set([
  'EAI_AGAIN',
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** Whether a request that failed certainly never left this machine. In doubt: false. */
export function isUnsent(error: unknown): boolean {
  if (error instanceof EgressRefused) return refusedBefore.has(error.reason);
  if (!(error instanceof EgressFailed) || error.reason !== 'unreachable') return false;
  const { cause } = error;
  return cause instanceof Error && 'code' in cause && connectCodes.has(cause.code);
}
