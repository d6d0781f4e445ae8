import { decodeObject } from './base64url-json.ts';
import type { JsonObject } from './canonical-json.ts';
import { requestCharactersMax } from './challenge-fields.ts';
import { bindingInput, isBoundBy } from './challenge-id.ts';
import type { MppCredential } from './credential.ts';
import type { MppKeyRing } from './key-ring.ts';

/** Whether we made the challenge that a credential answers; the kinds that refuse are slugs of mppProblems. */
export type ChallengeVerdict =
  | { readonly kind: 'ok'; readonly request: JsonObject }
  | { readonly kind: 'invalid-challenge' }
  | { readonly kind: 'payment-expired'; readonly expires: string };

/**
 * Verifies that one of our secrets made the challenge that is echoed, just as it is, and that its time is not over. Says
 * nothing of the payment, nor whether it was for this call: that is in `request` and `opaque`.
 */
export function verifyChallenge({ challenge }: MppCredential, keyRing: MppKeyRing, nowMs: number): ChallengeVerdict {
  if (!isBoundBy(keyRing, bindingInput(challenge), challenge.id)) return { kind: 'invalid-challenge' };
  const { expires } = challenge;
  if (!(nowMs < Date.parse(expires))) return { kind: 'payment-expired', expires };
  const request = decodeObject(challenge.request, requestCharactersMax);
  return request.kind === 'ok' ? { kind: 'ok', request: request.value } : { kind: 'invalid-challenge' };
}
