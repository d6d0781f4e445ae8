import type { Wallet } from '@tollwright/contracts';
import { nanoUsd } from '@tollwright/core';
import { describe, expect, it } from 'vitest';
import { defineRail } from './define-rail.ts';
import type { Offer, PaymentFacts, Presented, Rail, RailCapabilities, RailDefinition } from './rail.ts';
import { challengeAll, namedOffers, parseAll, quoteAll, singlesOnly } from './rails.ts';

const request = {
  resource: { url: 'https://api.example/a', description: 'A', mimeType: 'application/json' },
  scope: { providerId: 'prv_1', apiId: 'api_1', routeId: 'rte_1', method: 'GET', keyId: null },
  body: null,
  nowMs: 0,
};
const wallets: readonly Wallet[] = [];

function railOf(
  name: Rail['name'],
  shown: Presented<string>,
  scheme?: Offer['scheme'],
  more: {
    readonly quote?: RailDefinition<Offer, string, PaymentFacts>['quote'];
    readonly capabilities?: Partial<RailCapabilities>;
  } = {},
): Rail {
  const offer: Offer = {
    ...{ rail: name, scheme: scheme ?? 'charge', network: 'n', asset: 'a', payTo: 'p', amountAtomic: 1n, decimals: 6 },
    ...{ priceNanoUsd: nanoUsd(1n), roundingNanoUsd: nanoUsd(0n) },
  };
  return defineRail<Offer, string, PaymentFacts>({
    name,
    ...(scheme === undefined ? {} : { scheme }),
    quote: () => ({ offers: [offer], leftOut: [{ rail: name, network: 'm', reason: 'below-the-minimum' }] }),
    challenge: (offers) => ({ headers: [['pay', `${name} ${offers.length}`]], members: { [name]: offers.length } }),
    parse: () => shown,
    check: (credential, { offers }) => ({ kind: 'refused', reason: `${credential} ${offers.map(({ rail }) => rail)}` }),
    verify: async () => ({ kind: 'valid' }),
    settle: async () => ({ kind: 'settled', transaction: '' }),
    receipt: () => [],
    ...more,
    capabilities: {
      ...{ amounts: ['fixed'], minimumNanoUsd: null, bindsBody: false, namesPayer: true, networks: [] },
      ...{ currencies: ['usd'], settles: ['after'], session: false, ...more.capabilities },
    },
  });
}

const none = { kind: 'none' } as const;
const shown = { kind: 'presented', credential: 'c' } as const;
const unreadable = { kind: 'unreadable', reason: 'malformed-credential' } as const;
const foreign = { kind: 'foreign', method: 'lightning' } as const;

describe('several rails', () => {
  it('of one name are told apart by their schemes', () => {
    const rails = [railOf('tempo', none, 'charge'), railOf('tempo', none, 'session')];
    const { offers } = quoteAll(rails, wallets, nanoUsd(1n));
    expect(rails.map((rail) => offers.map((offer) => rail.owns(offer)))).toEqual([
      [true, false],
      [false, true],
    ]);
    const asked = (acceptPayment?: string) =>
      challengeAll(rails, offers, { ...request, reason: '', acceptPayment }).headers.length;
    expect([asked(), asked('tempo/session')]).toEqual([2, 1]);
    expect(namedOffers(offers, 'tempo/session').map(({ scheme }) => scheme)).toEqual(['session']);
  });

  it('make one 402: each writes its own offers', () => {
    const rails = [railOf('x402', none), railOf('evm', none)];
    const { offers, leftOut } = quoteAll(rails, wallets, nanoUsd(1n));
    expect([offers.map(({ rail }) => rail), leftOut.map(({ rail }) => rail)]).toEqual([
      ['x402', 'evm'],
      ['x402', 'evm'],
    ]);
    expect(challengeAll(rails, offers, { ...request, reason: '' })).toEqual({
      headers: [
        ['pay', 'x402 1'],
        ['pay', 'evm 1'],
      ],
      members: { x402: 1, evm: 1 },
    });
    expect(challengeAll(rails, offers.slice(1), { ...request, reason: '' }).headers).toEqual([['pay', 'evm 1']]);
  });

  it('a credential is judged by the offers of its own rail', () => {
    const rails = [railOf('x402', none), railOf('evm', shown)];
    const found = parseAll(rails, {});
    if (found.kind !== 'presented') throw new Error(found.kind);
    const { offers } = quoteAll(rails, wallets, nanoUsd(1n));
    expect(found.credential.check({ ...request, offers })).toEqual({ kind: 'refused', reason: 'c evm' });
  });

  it('come in the order that the caller prefers, x402 always among them', () => {
    const rails = [railOf('x402', none), railOf('evm', none), railOf('stripe', none)];
    const offers = quoteAll(rails, wallets, nanoUsd(1n)).offers.map((offer) =>
      offer.rail === 'x402' ? { ...offer, scheme: 'exact' as const } : offer,
    );
    const order = (acceptPayment?: string) =>
      challengeAll(rails, offers, { ...request, reason: '', acceptPayment }).headers.map(([, value]) => value);
    expect(order()).toEqual(['evm 1', 'stripe 1', 'x402 1']);
    expect(order('stripe/charge, evm/charge;q=0.5')).toEqual(['stripe 1', 'evm 1', 'x402 1']);
    expect(order('stripe/*')).toEqual(['stripe 1', 'x402 1']);
  });

  it.each([
    ['nothing', [none, none], 'none'],
    ['a payment of the second', [foreign, shown], 'presented'],
    ['a payment of the first', [shown, foreign], 'presented'],
    ['a method that nobody knows', [foreign, foreign], 'foreign'],
    ['two payments', [shown, shown], 'malformed'],
    ['one that no method can read', [unreadable, unreadable], 'unreadable'],
    ['one that cannot be read beside a method that nobody knows', [foreign, unreadable], 'unreadable'],
    ['a payment beside one that cannot be read', [shown, unreadable], 'malformed'],
    ['one that cannot be read beside a payment', [unreadable, shown], 'malformed'],
    ['a payment beside a method that nobody knows', [shown, foreign], 'presented'],
    ['a payment beside garbage', [shown, { kind: 'malformed', reason: 'x' } as const], 'malformed'],
  ] as const)('find %s', (_what, found, kind) => {
    expect(
      parseAll(
        found.map((each, index) => railOf(index === 0 ? 'x402' : 'evm', each)),
        {},
      ).kind,
    ).toBe(kind);
  });
});

describe('what a rail is capable of', () => {
  const address = `0x${'a'.repeat(40)}`;
  const token: Wallet = { kind: 'tempo', network: 'eip155:1', asset: address, decimals: 6, payTo: address };
  const account: Wallet = {
    ...{ kind: 'stripe', networkId: 'profile_a', currency: 'usd', paymentMethodTypes: ['card'], sealedKey: '' },
  };

  it('is all that it is asked about; the rest is left out, and why', () => {
    const asked: unknown[] = [];
    const rail = railOf('stripe', none, 'charge', {
      capabilities: { minimumNanoUsd: nanoUsd(10n), networks: ['stripe'] },
      quote(wallets, priceNanoUsd, amounts) {
        asked.push([wallets.map(({ kind }) => kind), priceNanoUsd, amounts]);
        const terms = { network: 'stripe', asset: 'usd', payTo: 'p', amountAtomic: 1n, decimals: 2 };
        const rounding = { roundingNanoUsd: nanoUsd(0n) };
        const offers = wallets.map(() => ({
          ...{ rail: 'stripe' as const, scheme: 'charge' as const, ...terms, priceNanoUsd, ...rounding },
        }));
        return { offers, leftOut: [] };
      },
    });
    const quoted = [10n, 9n, 0n].map((price) => rail.quote([token, account], nanoUsd(price)));
    quoted.push(rail.quote([token, account], nanoUsd(10n), 'variable'), rail.quote([token], nanoUsd(9n)));
    expect(quoted.map(({ offers, leftOut }) => [offers.length, leftOut.map(({ reason }) => reason)])).toEqual([
      [1, []],
      [0, ['below-the-minimum']],
      [1, []],
      [0, ['takes-no-ceiling']],
      [0, []],
    ]);
    expect(quoted[1]?.leftOut).toMatchObject([{ rail: 'stripe', network: 'stripe', minimumNanoUsd: 10n }]);
    expect(asked).toEqual([...[10n, 10n, 0n, 10n].map((price) => [['stripe'], price, 'fixed']), [[], 10n, 'fixed']]);
  });

  it('leaves sessions out where each payment is to be counted with the others of its payer', () => {
    const rails = [
      railOf('tempo', none, 'charge'),
      railOf('tempo', none, 'session', { capabilities: { session: true } }),
    ];
    const quoted = quoteAll(rails, wallets, nanoUsd(1n));
    expect(singlesOnly(rails, quoted).offers.map(({ scheme }) => scheme)).toEqual(['charge']);
  });
});
