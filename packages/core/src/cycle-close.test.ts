import { describe, expect, it } from 'vitest';
import { adjustmentsOf, type CardUse, isAdjusted, type VersionUse } from './cycle-close.ts';
import { nanoUsd, parseUsd } from './money.ts';
import type { RateCard } from './price.ts';
import { rate } from './rating.ts';
import { rational } from './rational.ts';

const tiers = [
  { upTo: 100n, usdPerUnit: '0.02', flatUsd: '0' },
  { upTo: null, usdPerUnit: '0.01', flatUsd: '0' },
];
const volume: RateCard = { key: 'card', name: 'Card', price: { kind: 'volume', meter: 'requests', tiers } };
const graduated: RateCard = { ...volume, price: { kind: 'graduated', meter: 'requests', tiers } };

/** A card that calls were charged for one after another. */
function used(card: RateCard, units: bigint, before = 0n): CardUse {
  const usage = [{ meter: 'requests', quantity: units, dimensions: {} }];
  const { amountNanoUsd } = rate([card], usage, new Map([['requests', before]]));
  return { rateCardKey: card.key, units, calls: units, amountNanoUsd };
}

function version(card: RateCard, use: CardUse | null, more: Partial<VersionUse> & Partial<VersionUse['terms']> = {}) {
  const { minimumNanoUsd, prepaid, ...rest } = more;
  const one: VersionUse = {
    ...{ planVersionId: 'plv_1', terms: { rateCards: [card], minimumNanoUsd, prepaid }, share: rational(1n) },
    ...{ cards: use === null ? [] : [use], chargedNanoUsd: use?.amountNanoUsd ?? 0n },
    ...rest,
  };
  return one;
}

const added = (...versions: VersionUse[]) =>
  adjustmentsOf(versions).map(({ kind, amountNanoUsd }) => [kind, Number(amountNanoUsd) / 1e9]);

describe('a volume price', () => {
  it('gives back what calls paid above the tier that the cycle ends in', () => {
    expect(adjustmentsOf([version(volume, used(volume, 300n))])).toEqual([
      {
        ...{ kind: 'rerating', planVersionId: 'plv_1', rateCardKey: 'card', meter: 'requests', units: 300n },
        amountNanoUsd: -parseUsd('1'),
      },
    ]);
  });

  it('gives nothing back in its first tier, nor what calls were rounded up by', () => {
    expect(added(version(volume, used(volume, 100n)))).toEqual([]);
    const use = used(volume, 100n);
    expect(added(version(volume, { ...use, amountNanoUsd: use.amountNanoUsd + use.calls }))).toEqual([]);
  });

  it('counts units that are included and the percentage as calls did', () => {
    const card = { ...volume, includedUnits: 50n, percentOff: 50 };
    expect(added(version(card, used(card, 250n)))).toEqual([['rerating', -0.5]]);
  });

  it('knows what was used under an earlier version of the same cycle', () => {
    const first = version(volume, used(volume, 100n));
    const second = version(volume, used(volume, 200n, 100n), { planVersionId: 'plv_2' });
    expect(added(first, second)).toEqual([['rerating', -1]]);
  });

  it('gives back no more than was charged, and nothing under a prepaid plan', () => {
    expect(added(version(volume, used(volume, 300n), { chargedNanoUsd: parseUsd('0.25') }))).toEqual([
      ['rerating', -0.25],
    ]);
    expect(added(version(volume, used(volume, 300n), { prepaid: { packs: [] } }))).toEqual([]);
  });
});

describe('tiers', () => {
  it('give back what calls at once paid twice, and ask for nothing that they missed', () => {
    const twice = used(graduated, 100n);
    const both = { ...twice, units: 200n, calls: 200n, amountNanoUsd: 2n * twice.amountNanoUsd };
    expect(added(version(graduated, both))).toEqual([['rerating', -1]]);
    expect(added(version(graduated, { ...both, amountNanoUsd: 0n }))).toEqual([]);
  });

  it('are left alone where another version came between', () => {
    const use = { ...used(graduated, 100n), amountNanoUsd: parseUsd('5') };
    const other = version(graduated, used(graduated, 1n), { planVersionId: 'plv_2' });
    expect(added(version(graduated, use), other)).toEqual([]);
  });
});

describe('an amount off and a minimum', () => {
  const plain: RateCard = {
    key: 'card',
    name: 'Card',
    price: { kind: 'per-unit', meter: 'requests', usdPerUnit: '0.1' },
  };
  const off = (usd: string): RateCard => ({ ...plain, amountOffNanoUsd: parseUsd(usd) });

  it('come after the volume: amount, then minimum, each for its part of the cycle', () => {
    const card = { ...volume, amountOffNanoUsd: parseUsd('0.5') };
    const half = { share: rational(1n, 2n), minimumNanoUsd: parseUsd('10') };
    expect(added(version(card, used(card, 300n), half))).toEqual([
      ['rerating', -1],
      ['discount', -0.25],
      ['minimum', 2.25],
    ]);
  });

  it('never make usage less than nothing, nor less than the minimum', () => {
    expect(added(version(off('50'), used(plain, 10n)))).toEqual([['discount', -1]]);
    const kept = { minimumNanoUsd: parseUsd('0.4') };
    expect(added(version(off('50'), used(plain, 10n), kept))).toEqual([
      ['discount', -1],
      ['minimum', 0.4],
    ]);
    expect(added(version(plain, used(plain, 10n), { minimumNanoUsd: parseUsd('1') }))).toEqual([]);
  });

  it('asks for the minimum where nothing was used, under a prepaid plan too, rounded up once', () => {
    const third = { share: rational(1n, 3n), minimumNanoUsd: nanoUsd(10n), prepaid: { packs: [] } };
    expect(adjustmentsOf([version(plain, null, third)])).toMatchObject([{ kind: 'minimum', amountNanoUsd: 4n }]);
  });

  it('are what a close looks for', () => {
    expect([plain, volume, off('1')].map((card) => isAdjusted({ rateCards: [card] }))).toEqual([false, true, true]);
    expect(isAdjusted({ rateCards: [], minimumNanoUsd: nanoUsd(1n) })).toBe(true);
  });
});
