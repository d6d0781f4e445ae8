import { z } from 'zod';
import type { PaymentRecord } from './payment.ts';

/** Why a payment that was shown bought nothing, in words that never change: what people count by. */
export const PAYMENT_LOSSES = [
  'unreadable',
  'unknown-method',
  'other-call',
  'expired',
  'bad-signature',
  'no-funds',
  'would-fail',
  'declined',
  'used-before',
  'in-progress',
  'policy',
  'step-up',
  'not-sold',
  'not-checked',
  'not-settled',
  'not-served',
  'nothing-owed',
  'in-doubt',
  'other',
] as const;
export const paymentLoss = z.enum(PAYMENT_LOSSES);
export type PaymentLoss = z.output<typeof paymentLoss>;

/** The first that fits. Rails say why in codes of their own, the gateway in words. */
const LOSSES: readonly (readonly [RegExp, PaymentLoss])[] = [
  [/^upstream |^settled_without_answer$/, 'not-served'],
  [/^nothing was owed$/, 'nothing-owed'],
  [/simulation_failed|revert/, 'would-fail'],
  [/facilitator_|unreachable|node_refused|the spool|too many|no RPC|nobody_settles/, 'not-checked'],
  [/card|declin|authentication|fraud|token_|granted/, 'declined'],
  [/insufficient|balance|allowance/, 'no-funds'],
  [/nonce.*used|already|payment_failed/, 'used-before'],
  [/expired|valid[_-](?:before|after|yet)|not_yet_valid|deadline/, 'expired'],
  [/signature/, 'bad-signature'],
  [
    /mismatch|another|challenge|network|requirements|identifier|spender|scheme|recipient|amount|one-transfer/,
    'other-call',
  ],
  [/malformed|unreadable|payload|unsupported|cannot be read/, 'unreadable'],
];

/** The loss that a rail's or the gateway's reason is; `other` where nothing fits. */
export function lossOf(reason: string): PaymentLoss {
  return LOSSES.find(([words]) => words.test(reason))?.[1] ?? 'other';
}

/** Why a payment that was claimed bought nothing; null of one that is under way, or that paid for an answer. */
export function lossOfPayment({ state, reason }: Pick<PaymentRecord, 'state' | 'reason'>): PaymentLoss | null {
  switch (state) {
    case 'failed':
      return reason !== null && lossOf(reason) === 'declined' ? 'declined' : 'not-settled';
    case 'unknown':
      return 'in-doubt';
    case 'released':
      return reason === null ? 'other' : lossOf(reason);
    case 'refunding':
    case 'refunded':
    case 'credited':
    case 'settled':
      return reason === null ? null : 'not-served';
    case 'claimed':
    case 'verified':
    case 'served':
    case 'settling':
      return null;
  }
}
