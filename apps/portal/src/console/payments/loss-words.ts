import type { FunnelFigures } from '../outputs.ts';

export type Loss = FunnelFigures['losses'][number]['loss'];

const WORDS: Readonly<Record<Loss, string>> = {
  unreadable: 'Could not be read',
  'unknown-method': 'By a method that is not offered',
  'other-call': 'Made for another call, price or address',
  expired: 'Expired',
  'bad-signature': 'Wrong signature',
  'no-funds': 'No funds',
  'would-fail': 'Would fail on chain',
  declined: 'Card declined',
  'used-before': 'Used before',
  'in-progress': 'Shown again before its outcome was known',
  policy: 'Refused by your policies',
  'step-up': 'Above a limit: payer not verified, or nothing approved',
  'not-sold': 'For what is not sold, such as a stream',
  'not-checked': 'Could not be checked in time',
  'not-settled': 'Settlement failed',
  'not-served': 'Your API did not answer well',
  'nothing-owed': 'Nothing was used',
  'in-doubt': 'Outcome not known yet',
  other: 'Another reason',
};

/** A reason as people read it. */
export function lossWords(loss: Loss): string {
  return WORDS[loss];
}
