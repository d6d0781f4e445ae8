import type { SnapshotRoute, VolumeDiscount } from '@tollwright/contracts';
import { nanoUsd, type Volume } from '@tollwright/core';
import type { Payment } from '@tollwright/payments';
import { describe, expect, it } from 'vitest';
import type { Visit } from '../../pipeline/visit.ts';
import type { CompiledApi, CompiledRoute } from '../../snapshot/compiled-api.ts';
import { hasPrice } from './has-price.ts';

const FULL = nanoUsd(10_000_000n);
const LESS = nanoUsd(9_000_000n);
const RULE: VolumeDiscount = { period: 'month', tiers: [{ measure: 'calls', from: 3, percentOff: 10 }] };
const MID_MONTH = Date.parse('2026-11-15T12:00:00Z');

interface Case {
  readonly priceNanoUsd?: bigint;
  readonly payer?: string | null;
  readonly rule?: VolumeDiscount | undefined;
  readonly before?: VolumeDiscount | undefined;
  readonly atMs?: number;
  readonly claimed?: string | null;
}

/** Judges a payment of a payer who settled three calls in November, as its challenge has it: no offer of the store is looked at. */
function judge({ priceNanoUsd = LESS, payer = 'wallet:0xbb', rule, before, atMs = MID_MONTH, claimed = null }: Case) {
  const routeOf = (discount: VolumeDiscount | undefined) =>
    ({ id: 'rte_1', strangerPriceNanoUsd: FULL, discount }) as unknown as SnapshotRoute;
  const snapshot = { apiId: 'api_1', routes: [routeOf(before)] };
  const read = async (ask: { readonly payer: string; readonly atMs: number }): Promise<Volume> => {
    const isHis = ask.payer === 'wallet:0xbb' && new Date(ask.atMs).getUTCMonth() === 10;
    return { calls: isHis ? 3 : 0, spentNanoUsd: 0n };
  };
  const get = async () => (claimed === null ? null : { state: claimed });
  const gateway = { registry: { replacedSince: () => [{ snapshot }] }, state: { volumes: { read }, claims: { get } } };
  return hasPrice(
    { gateway, startedAtMs: atMs } as unknown as Visit,
    { snapshot } as unknown as CompiledApi,
    { route: routeOf(rule) } as unknown as CompiledRoute,
    { claimKey: 'key', scheme: 'charge', offer: { priceNanoUsd } } as unknown as Payment,
    payer,
  );
}

describe('whose price it is', () => {
  it.each<[string, boolean, Case]>([
    ['the full price is anybody’s', true, { rule: RULE, priceNanoUsd: FULL, payer: null }],
    ['a discount is who reached it', true, { rule: RULE }],
    ['and nobody else’s', false, { rule: RULE, payer: 'wallet:0xcc' }],
    ['nor who pays without a name', false, { rule: RULE, payer: null }],
    ['nor is any other price', false, { rule: RULE, priceNanoUsd: 8_000_000n }],
    ['a rule that was replaced holds for its challenges', true, { before: RULE }],
    ['a route without any rule leaves prices to the offers', true, { priceNanoUsd: 8_000_000n, payer: null }],
    ['a period that is over holds for its challenges', true, { rule: RULE, atMs: Date.parse('2026-12-01T00:04:59Z') }],
    ['and no longer', false, { rule: RULE, atMs: Date.parse('2026-12-01T00:05:00Z') }],
    ['what was paid for before is told so', true, { rule: RULE, payer: 'wallet:0xcc', claimed: 'settled' }],
    ['what was let go is judged again', false, { rule: RULE, payer: 'wallet:0xcc', claimed: 'released' }],
  ])('%s', async (_, expected, given) => {
    expect(await judge(given)).toBe(expected);
  });
});
