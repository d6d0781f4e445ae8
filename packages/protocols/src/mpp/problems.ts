/**
 * The problem types of MPP with their statuses and titles; a 402 always has a challenge beside its problem. The last four
 * before `session/…` are mppx's. Source: draft-httpauth-payment, "Error Codes"; draft-tempo-session.
 */
export const mppProblems = {
  'payment-required': { status: 402, title: 'Payment Required' },
  'payment-insufficient': { status: 402, title: 'Payment Insufficient' },
  'payment-expired': { status: 402, title: 'Payment Expired' },
  'verification-failed': { status: 402, title: 'Verification Failed' },
  'method-unsupported': { status: 400, title: 'Method Unsupported' },
  'malformed-credential': { status: 402, title: 'Malformed Credential' },
  'invalid-challenge': { status: 402, title: 'Invalid Challenge' },
  'invalid-payload': { status: 402, title: 'Invalid Payload' },
  'bad-request': { status: 400, title: 'Bad Request' },
  'payment-action-required': { status: 402, title: 'Payment Action Required' },
  'internal-payment-error': { status: 500, title: 'Internal Payment Error' },
  'session/insufficient-balance': { status: 402, title: 'Insufficient Balance' },
  'session/invalid-signature': { status: 402, title: 'Invalid Signature' },
  'session/signer-mismatch': { status: 402, title: 'Signer Mismatch' },
  'session/amount-exceeds-deposit': { status: 402, title: 'Amount Exceeds Deposit' },
  'session/delta-too-small': { status: 402, title: 'Delta Too Small' },
  'session/channel-not-found': { status: 410, title: 'Channel Not Found' },
  'session/channel-finalized': { status: 410, title: 'Channel Closed' },
} as const;
export type MppProblem = keyof typeof mppProblems;

/** The URI in the `type` of a problem document. */
export function mppProblemType(problem: MppProblem): string {
  return `https://paymentauth.org/problems/${problem}`;
}
