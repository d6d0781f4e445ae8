import { PAYMENT_RAILS, type PaymentRail, type Wallet } from '@tollwright/contracts';
import { type NanoUsd, nanoUsd, STRIPE_MINIMUM_NANO_USD } from '@tollwright/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defineRail } from './define-rail.ts';
import { quoteEvm } from './evm/offer.ts';
import { byNetProceeds, type FeeTable } from './net-proceeds.ts';
import type { Offer, Quoted, Rail } from './rail.ts';
import { challengeAll, quoteAll } from './rails.ts';
import { quoteStripe } from './stripe/offer.ts';
import { quoteTempo } from './tempo/offer.ts';
import { quoteX402 } from './x402/quote.ts';

const payTo = `0x${'aa'.repeat(20)}`;
const settlers = { serves: () => true, addressFor: () => payTo };
const token = (network: string, decimals: number): Wallet => ({
  ...{ kind: 'x402', network, asset: payTo, tokenName: 'USDC', tokenVersion: '2', decimals, payTo },
});
const wallets: readonly Wallet[] = [
  token('eip155:8453', 6),
  token('eip155:56', 9),
  { kind: 'tempo', network: 'eip155:4217', asset: payTo, decimals: 6, payTo },
  {
    ...{ kind: 'stripe', networkId: 'profile_a', currency: 'usd', paymentMethodTypes: ['card'], sealedKey: '' },
  },
];

/** A rail that quotes as it does, and writes its offers so that they can be read. */
function writing(name: PaymentRail, quote: (price: NanoUsd) => Quoted, minimumNanoUsd: NanoUsd | null = null): Rail {
  return defineRail({
    name,
    capabilities: {
      ...{ amounts: ['fixed'], minimumNanoUsd, bindsBody: false, namesPayer: true, networks: [], currencies: [] },
      ...{ settles: ['after'], session: false },
    },
    quote: (_wallets, price) => quote(price),
    challenge: (offers) => ({ headers: [[name === 'x402' ? 'x402' : 'mpp', offers.map(named).join()]], members: {} }),
    parse: () => ({ kind: 'none' }),
    check: () => ({ kind: 'refused', reason: '' }),
    verify: async () => ({ kind: 'valid' }),
    settle: async () => ({ kind: 'settled', transaction: '' }),
    receipt: () => [],
  });
}
const named = ({ rail, network, amountAtomic }: Offer) => `${rail} ${network} ${amountAtomic}`;
const rails = [
  writing('x402', (price) => quoteX402(settlers, wallets, price, 'fixed')),
  writing('evm', (price) => quoteEvm(settlers, wallets, price)),
  writing('tempo', (price) => quoteTempo(wallets, price)),
  writing('stripe', (price) => quoteStripe(wallets, price), STRIPE_MINIMUM_NANO_USD),
];

/** What is left, from the amount that is asked for: in ten-thousandths of a nano-dollar, then rounded down. */
function left(fees: FeeTable, { rail, amountAtomic, decimals }: Offer): bigint {
  const { fixedNanoUsd, basisPoints, gasNanoUsd } = fees[rail];
  const arrived = (amountAtomic * 10n ** 9n) / 10n ** BigInt(decimals);
  const exact = arrived * (10_000n - BigInt(basisPoints)) - (fixedNanoUsd + gasNanoUsd) * 10_000n;
  return exact >= 0n ? exact / 10_000n : -((-exact + 9_999n) / 10_000n);
}

/** Selects the best again and again, the earlier of equals first. */
function expected(fees: FeeTable, offers: readonly Offer[]): Offer[] {
  const rest = [...offers];
  const order: Offer[] = [];
  while (rest.length > 0) {
    const best = rest.reduce((a, b) => (left(fees, b) > left(fees, a) ? b : a));
    order.push(...rest.splice(rest.indexOf(best), 1));
  }
  return order;
}

const amount = (max: bigint) => fc.bigInt({ min: 0n, max }).map(nanoUsd);
const feeTable = fc
  .tuple(
    ...PAYMENT_RAILS.map(() =>
      fc.record({
        fixedNanoUsd: amount(500_000_000n),
        basisPoints: fc.integer({ min: 0, max: 1_000 }),
        gasNanoUsd: amount(50_000_000n),
      }),
    ),
  )
  .map((fees) => Object.fromEntries(PAYMENT_RAILS.map((rail, index) => [rail, fees[index]])) as unknown as FeeTable);
const price = fc.oneof(amount(1_000_000n), amount(2_000_000_000n), amount(1_000_000_000_000n));
const request = {
  resource: { url: 'https://api.example/a', description: 'A', mimeType: 'application/json' },
  scope: { providerId: 'prv_1', apiId: 'api_1', routeId: 'rte_1', method: 'GET', keyId: null },
  ...{ body: null, nowMs: 0, reason: '' },
};

const FEE_TABLES = 500;
const PRICES_EACH = 20;

describe('offers of ten thousand prices', () => {
  it('are in the order of what is left of them, in a 402 too', () => {
    let several = 0;
    const prices = fc.array(price, { minLength: PRICES_EACH, maxLength: PRICES_EACH });
    fc.assert(
      fc.property(prices, feeTable, (all, fees) => {
        for (const priceNanoUsd of all) {
          const { offers } = quoteAll(rails, wallets, priceNanoUsd);
          const ordered = byNetProceeds(offers, fees);
          const wanted = expected(fees, offers);
          const { headers } = challengeAll(rails, ordered, request);
          const written = (header: string) => headers.filter(([name]) => name === header).map(([, value]) => value);
          const asked = (isX402: boolean) => wanted.filter(({ rail }) => (rail === 'x402') === isX402).map(named);
          const found = { order: ordered.map(named), mpp: written('mpp'), x402: written('x402').join() };
          expect(found).toEqual({ order: wanted.map(named), mpp: asked(false), x402: asked(true).join() });
          if (wanted.length > 3) several += 1;
        }
      }),
      { numRuns: FEE_TABLES },
    );
    expect(several).toBeGreaterThan((FEE_TABLES * PRICES_EACH) / 2);
  });
});
