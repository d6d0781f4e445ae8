import type { PaymentPayload } from '@tollwright/protocols';
import type { Rail } from '../rail.ts';
import { challengeOf } from './challenge.ts';
import { checkPayment } from './check.ts';
import { parseCredential } from './credential.ts';
import { askSettle, askVerify, type FacilitatorOptions } from './facilitator.ts';
import type { X402Payment } from './payment.ts';
import type { QuotedOffer } from './quote.ts';
import { receiptOf } from './receipt.ts';
import { settlementOf, verificationOf } from './settlement.ts';

export type X402Rail = Rail<QuotedOffer, PaymentPayload, X402Payment>;

/** Payment by x402, versions 1 and 2, scheme `exact` with ERC-3009 tokens, settled through a facilitator. */
export function createX402Rail(facilitator: FacilitatorOptions): X402Rail {
  return {
    name: 'x402',
    capabilities: { settles: ['after'], streams: false, refunds: false },
    challenge: challengeOf,
    parse: parseCredential,
    check: checkPayment,
    verify: async (payment) => verificationOf(await askVerify(facilitator, payment), payment.payer),
    settle: async (payment) => settlementOf(await askSettle(facilitator, payment)),
    receipt: receiptOf,
  };
}
