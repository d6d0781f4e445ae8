import { type SnapshotPlan, usageEvent } from '@tollwright/contracts';
import { nanoUsd } from '@tollwright/core';
import { boundCall, createTariff } from '@tollwright/policies';
import { describe, expect, it } from 'vitest';
import { membersOf, usageItemJson } from '../spool/record-json.ts';
import { chargesByNode, isOverHold, outcomeOf, type Seen } from './outcome.ts';
import type { Granted } from './reserve.ts';

const sum = (slug: string) => ({
  ...{ slug, eventType: 'request', aggregation: 'SUM' as const, valueProperty: `$.${slug}` },
  groupBy: { model: '$.model' },
});
const token = (meter: string, usd: string) => ({
  ...{ key: meter, name: meter },
  price: { kind: 'per-model-token' as const, meter, usdPerMillionByModel: { m: usd }, defaultUsdPerMillion: null },
});
const plan: SnapshotPlan = {
  ...{ planVersionId: 'plv_1', planKey: 'pro', version: 1 },
  terms: {
    ...{ currency: 'usd', billingPeriod: 'month', rateLimit: null, outputTokensMax: 1_000 },
    ...{ policies: [], prepaid: null },
    quotas: [{ featureKey: 'out', meters: ['output_tokens'], limit: 500n, period: 'day', onExhausted: 'reject' }],
    rateCards: [token('input_tokens', '1'), token('output_tokens', '2')],
    defaultKeyBudget: { limitNanoUsd: nanoUsd(1n), period: 'month' },
  },
};
const tariff = createTariff(plan, [sum('input_tokens'), sum('output_tokens')], 'request');
const most = { bodyBytesMax: 1_000, durationMsMax: 60_000 };
const body = Buffer.from('{"model":"m","max_tokens":10}');
const bound = boundCall(tariff, { rule: { kind: 'openai' }, body, known: { route: 'chat' }, ...most });
if (bound.kind === 'refused') throw new Error(bound.problem.detail);
const { worst } = bound;
const heldNanoUsd = worst.priced.rated.amountNanoUsd;
const node = (name: string, period: 'month' | 'day', amount: bigint) => ({
  ...{ node: name, kind: 'budget' as const, period, limit: 10n ** 15n, amount },
});

/** A call that holds its worst case on a budget and on a quota. */
const granted = {
  kind: 'granted',
  tag: 'c:1',
  windows: [],
  call: {
    tariff,
    worst,
    route: { known: { route: 'chat' } },
    nodes: [node('budget:k', 'month', heldNanoUsd), node('quota:o', 'day', 10n)],
  },
  nodes: [
    { node: 'budget:k', periodId: '2026-11' },
    { node: 'quota:o', periodId: '2026-11-24' },
  ],
} as unknown as Granted;

const seen = (fields: Seen['reading']['fields'], change: Partial<Seen> = {}): Seen => ({
  ...{
    reading: { fields, estimated: false },
    status: 200,
    upstreamStatus: 200,
    bytesIn: 1,
    bytesOut: 1,
    durationMs: 1,
  },
  ...{ firstByteMs: 1, billable: true },
  ...change,
});

describe('the outcome of a call', () => {
  it('charges budgets money and quotas units, of what was used', () => {
    const tail = outcomeOf(granted, seen({ model: 'm', input_tokens: 3, output_tokens: 4 }));
    expect(tail).toMatchObject({ ratedNanoUsd: 11_000n, chargedNanoUsd: 11_000n, shortfallNanoUsd: 0n });
    expect(tail.charges).toEqual([
      { node: 'budget:k', periodId: '2026-11', amount: 11_000n },
      { node: 'quota:o', periodId: '2026-11-24', amount: 4n },
    ]);
    expect(chargesByNode(tail.charges)).toEqual({ 'budget:k': 11_000n, 'quota:o': 4n });
  });

  it('says what of the price each rate card asked for, and writes it as any reader of JSON takes it', () => {
    const tail = outcomeOf(granted, seen({ model: 'm', input_tokens: 3, output_tokens: 4 }));
    const lines = tail.lines ?? [];
    expect(lines.map(({ meter, quantity, amountNanoUsd }) => [meter, quantity, amountNanoUsd])).toEqual([
      ['input_tokens', 3n, 3_000n],
      ['output_tokens', 4n, 8_000n],
    ]);
    expect(lines.reduce((sum, { amountNanoUsd }) => sum + amountNanoUsd, 0n)).toBe(tail.ratedNanoUsd);
    const { event } = JSON.parse(usageItemJson(membersOf({}), tail).replace('{,', '{')) as {
      event: { lines: unknown };
    };
    expect(usageEvent.shape.lines.parse(event.lines)).toEqual(lines);
  });

  it('charges no node more than it held; the rest is the shortfall', () => {
    const tail = outcomeOf(granted, seen({ input_tokens: 1_000, output_tokens: 5_000 }));
    expect(tail.chargedNanoUsd).toBe(heldNanoUsd);
    expect(tail.ratedNanoUsd).toBe(11_000_000n);
    expect(tail.chargedNanoUsd + tail.shortfallNanoUsd).toBe(tail.ratedNanoUsd);
    expect(tail.charges.map(({ amount }) => amount)).toEqual([heldNanoUsd, 10n]);
  });

  it('carries what the gateway itself measured, for meters', () => {
    const change = { bytesIn: 5, bytesOut: 7, durationMs: 1.25 };
    expect(outcomeOf(granted, seen({ bytes_out: 'forged' }, change)).data).toMatchObject({
      ...{ route: 'chat', status: 200, bytes_in: 5, bytes_out: 7, duration_ms: 2 },
    });
  });

  it('of a report beyond all reason is still an event that can be stored', () => {
    const most = Number.MAX_SAFE_INTEGER;
    const tail = outcomeOf(granted, seen({ input_tokens: most, output_tokens: most, total_tokens: most }));
    expect(tail.chargedNanoUsd).toBe(heldNanoUsd);
    expect(tail.chargedNanoUsd + tail.shortfallNanoUsd).toBe(tail.ratedNanoUsd);
    const { event } = JSON.parse(usageItemJson(membersOf({}), tail).replace('{,', '{')) as { event: object };
    const { ratedNanoUsd, shortfallNanoUsd, charges } = usageEvent.shape;
    for (const [name, schema] of Object.entries({ ratedNanoUsd, shortfallNanoUsd, charges })) {
      expect(schema.safeParse((event as Record<string, unknown>)[name]).success, name).toBe(true);
    }
  });

  it('is priced by the model that was asked for, whatever the answer calls it', () => {
    const tail = outcomeOf(granted, seen({ model: 'm-2026-11-24', input_tokens: 1, output_tokens: 0 }));
    expect(tail).toMatchObject({ chargedNanoUsd: 1_000n, data: { model: 'm', route: 'chat', status: 200 } });
  });

  it('that is not billable is recorded and charged nothing', () => {
    const tail = outcomeOf(granted, seen({}, { billable: false, status: 502, upstreamStatus: 500 }));
    expect(tail).toMatchObject({ ratedNanoUsd: 0n, chargedNanoUsd: 0n, charges: [], status: 502, upstreamStatus: 500 });
  });

  it('that used nothing charges nothing', () => {
    expect(outcomeOf(granted, seen({ input_tokens: 0, output_tokens: 0 })).charges).toEqual([]);
  });
});

describe('what a running call used', () => {
  const reading = (fields: Seen['reading']['fields']) => ({ fields, estimated: true });

  it.each([
    ['nothing', { input_tokens: 0, output_tokens: 0 }, false],
    ['exactly the hold', { input_tokens: body.length, output_tokens: 10 }, false],
    ['more money than is held', { input_tokens: 20_000, output_tokens: 0 }, true],
    ['less money, but more of a quota', { input_tokens: 0, output_tokens: 11 }, true],
  ])('%s is over its hold: %s', (_what, fields, isOver) => {
    expect(isOverHold(granted, reading({ ...fields }))).toBe(isOver);
  });

  it('is priced by the model that was asked for', () => {
    expect(isOverHold(granted, reading({ model: 'unpriced', input_tokens: 20_000, output_tokens: 0 }))).toBe(true);
  });
});
