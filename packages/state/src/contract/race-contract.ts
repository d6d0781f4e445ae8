import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createBatcher } from '../batcher.ts';
import type { StatePort } from '../port.ts';
import {
  ask,
  type OpenHarness,
  openCustomer,
  registerSpool,
  reserveItem,
  type StateHarness,
  settleItem,
} from './harness.ts';

/** Two hundred batches of one call each take a slow machine longer than a caller would wait. */
const PATIENCE_MS = 20_000;

/** A budget for fifty under two hundred calls, however they are split over processes. */
export function raceContract(open: OpenHarness): void {
  describe('races', () => {
    let harness: StateHarness;
    let states: StatePort[];
    beforeAll(async () => {
      harness = await open();
      states = [1, 2, 3, 4].map(() => harness.connect());
    });
    afterAll(async () => {
      await Promise.all(states.map((state) => state.close()));
      await harness.close();
    });

    async function race(calls: readonly number[], batchItemsMax: number) {
      const customerId = await openCustomer(states[0] as StatePort);
      const tag = `c:${customerId}`;
      const batchers = await Promise.all(
        calls.map(async (_, index) => {
          const state = states[index % states.length] as StatePort;
          const spoolId = await registerSpool(state);
          return createBatcher({ counters: state.counters, spoolId, batchItemsMax, reserveTimeoutMs: PATIENCE_MS });
        }),
      );
      const asked = calls.flatMap((count, index) =>
        Array.from({ length: count }, async () => {
          const item = reserveItem({ nodes: [ask(100n, 5000n, 'budget:own'), ask(100n, 20_000n, 'budget:key')] });
          const batcher = batchers[index] as (typeof batchers)[number];
          return { item, batcher, reply: await batcher.reserve(tag, item) };
        }),
      );
      const done = await Promise.all(asked);
      return { tag, granted: done.filter(({ reply }) => reply.kind === 'granted') };
    }

    for (const [title, calls] of [
      ['two seats, half each', [100, 100]],
      ['four seats, 50 each', [50, 50, 50, 50]],
      ['199 to 1', [199, 1]],
    ] as const) {
      for (const batchItemsMax of [256, 7, 1]) {
        it(`${title}, ${batchItemsMax} a batch: exactly fifty of two hundred`, async () => {
          const { tag, granted } = await race(calls, batchItemsMax);
          expect(granted).toHaveLength(50);
          const read = async () => {
            const counters = await (states[0] as StatePort).counters.read(tag);
            return Object.fromEntries(counters.map(({ node, spent, held }) => [node, [spent, held]]));
          };
          expect(await read()).toEqual({ 'budget:own': [0n, 5000n], 'budget:key': [0n, 5000n] });
          await Promise.all(
            granted.map(({ item, batcher }) =>
              batcher.settle(tag, settleItem(item.callId, { 'budget:own': 90n, 'budget:key': 90n })),
            ),
          );
          expect(await read()).toEqual({ 'budget:own': [4500n, 0n], 'budget:key': [4500n, 0n] });
          expect(await (states[0] as StatePort).counters.holds({ tag })).toEqual([]);
        });
      }
    }
  });
}
