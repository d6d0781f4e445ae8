import { allowanceSponsoringKey, type StatementSigner } from '@tollwright/protocols';
import { defineRail } from '../define-rail.ts';
import type { Rail } from '../rail.ts';
import { ChallengeWriter } from './challenge.ts';
import { checkPayment } from './check.ts';
import { ContractPayers } from './contract-payers.ts';
import { parseCredential } from './credential.ts';
import type { ChainNodes } from './desk.ts';
import { extensionsToEcho } from './extensions.ts';
import type { FacilitatorPool } from './facilitator-pool.ts';
import { withAllowance } from './missing-allowance.ts';
import { quoteX402 } from './quote.ts';
import { receiptOf } from './receipt.ts';
import { settlementOf, verificationOf } from './settlement.ts';

/** What a rail may have beside its facilitators. */
export type X402Options = {
  /** Lets payers that are contracts be asked directly. */
  readonly nodes?: ChainNodes;
  /** Signs offers and receipts. */
  readonly signer?: StatementSigner | null;
};

/**
 * Payment by x402, versions 1 and 2: scheme `exact` with ERC-3009 tokens or by Permit2, and `upto` by Permit2, settled through
 * facilitators.
 */
export function createX402Rail(pool: FacilitatorPool, { nodes, signer = null }: X402Options = {}): Rail {
  const contracts = new ContractPayers(nodes);
  const challenges = new ChallengeWriter(signer, (offer) => pool.knows(allowanceSponsoringKey, offer));
  const known = {
    isFacilitator: (address: string) => pool.owns(address),
    asksChain: (network: string) => contracts.knows(network),
  };
  return defineRail({
    name: 'x402',
    capabilities: {
      amounts: ['fixed', 'variable'],
      minimumNanoUsd: null,
      bindsBody: false,
      namesPayer: true,
      networks: ['eip155'],
      currencies: ['usd'],
      settles: ['after', 'before'],
      session: false,
    },
    quote: (wallets, priceNanoUsd, amounts) => quoteX402(pool, wallets, priceNanoUsd, amounts),
    challenge: (offers, terms) => challenges.write(offers, terms),
    parse: parseCredential,
    check: (payload, terms) => checkPayment(payload, terms, { ...known, declared: () => extensionsToEcho(terms) }),
    verify: async (payment) => {
      const verdict = () => pool.verify(payment).then((answer) => verificationOf(answer, payment.payer));
      return withAllowance(await contracts.verify(payment, verdict), payment.offer, pool);
    },
    settle: async (payment, { charge: { amountAtomic, ...charge } }) => {
      const settlement = settlementOf(await pool.settle(payment, { ...charge, amountAtomic }), amountAtomic);
      const tells = settlement.kind === 'settled' && payment.offer.scheme === 'upto';
      return tells ? { ...settlement, amountAtomic } : settlement;
    },
    receipt: (payment, settlement, nowMs) => receiptOf(payment, settlement, nowMs, signer),
  });
}
