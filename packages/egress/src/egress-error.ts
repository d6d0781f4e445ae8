/** Why a request was not made, was stopped, or was not followed further. */
export type RefusalReason =
  | 'url-invalid'
  | 'scheme'
  | 'credentials-in-url'
  | 'address'
  | 'redirects'
  | 'redirect-downgrade'
  | 'redirect-invalid'
  | 'body-too-large'
  | 'content-encoding';

/** Thrown when the rules of egress forbid a request or its answer. `detail` names the host, never a credential. */
export class EgressRefused extends Error {
  readonly kind = 'egress-refused';
  readonly reason: RefusalReason;

  constructor(reason: RefusalReason, detail: string) {
    super(`egress refused (${reason}): ${detail}`);
    this.name = 'EgressRefused';
    this.reason = reason;
  }
}

/** Why an allowed request brought no answer. */
export type FailureReason = 'timeout' | 'aborted' | 'unreachable' | 'protocol';

/** Thrown when a request was allowed but the other side did not answer it. `cause` is the network's own error. */
export class EgressFailed extends Error {
  readonly kind = 'egress-failed';
  readonly reason: FailureReason;

  constructor(reason: FailureReason, detail: string, cause: unknown) {
    super(`egress failed (${reason}): ${detail}`, { cause });
    this.name = 'EgressFailed';
    this.reason = reason;
  }
}
