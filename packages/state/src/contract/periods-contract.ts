import { PERIODS, periodAt } from '@tollwright/core';
import { describe, expect, it } from 'vitest';
import type { ItemReply, StatePort } from '../port.ts';
import { ask, duringSuite, type OpenHarness, openSeat, reserveItem, type StateHarness, settleItem } from './harness.ts';

const borders = [
  ...['1970-01-01T00:00:00.000Z', '1999-12-31T23:59:59.999Z', '2000-02-29T23:59:59.999Z', '2024-12-30T00:00:00.000Z'],
  ...['2026-01-31T23:59:59.999Z', '2026-02-28T23:59:59.999Z', '2026-03-01T00:00:00.000Z', '2026-11-22T23:59:59.999Z'],
  ...['2026-11-23T00:00:00.000Z', '2026-12-31T23:59:59.999Z', '2027-01-01T00:00:00.000Z', '2027-01-03T12:34:56.789Z'],
].map((iso) => Date.parse(iso));

/** Period ids by the store's clock. */
export function periodsContract(open: OpenHarness): void {
  describe('periods', () => {
    let harness: StateHarness;
    let state: StatePort;
    duringSuite(open, (opened) => {
      harness = opened;
      state = opened.connect();
    });

    const granted = (reply: ItemReply | undefined) => {
      if (reply?.kind !== 'granted') throw new Error(`expected granted, got ${reply?.kind}`);
      return reply.nodes;
    };

    it('are named and end as the domain says, at every moment tried', async () => {
      const seat = await openSeat(state);
      const spread = Array.from({ length: 60 }, (_, index) => index * 30_000_077_777 + ((index * 7919) % 86_400_000));
      const moments = [...borders, ...spread].sort((a, b) => a - b);
      for (const atMs of moments) {
        await harness.setClock(atMs);
        const nodes = PERIODS.map((period) => ask(0n, 1n, `budget:${period}`, period));
        const replies = granted((await seat.send(reserveItem({ nodes })))[0]);
        for (const [index, period] of PERIODS.entries()) {
          const expected = periodAt(period, atMs);
          expect(replies[index]).toMatchObject({ period, periodId: expected.id, endsAtMs: expected.endsAtMs });
        }
      }
      await harness.setClock(null);
    });

    it('roll over: a hold settles into the period in which it reserved', async () => {
      const seat = await openSeat(state);
      await harness.setClock(Date.parse('2030-01-31T23:59:59.000Z'));
      const item = reserveItem({ nodes: [ask(60n, 100n)] });
      expect(granted((await seat.send(item))[0])).toMatchObject([{ periodId: '2030-01', held: 60n }]);
      await harness.setClock(Date.parse('2030-02-01T00:00:00.000Z'));
      const replies = await seat.send(
        settleItem(item.callId, { 'budget:own': 60n }),
        reserveItem({ nodes: [ask(100n, 100n)] }),
      );
      expect(granted(replies[1])).toMatchObject([{ periodId: '2030-02', spent: 0n, held: 100n }]);
      expect(await state.counters.read(seat.tag)).toMatchObject([{ periodId: '2030-02', spent: 0n, held: 100n }]);
      await harness.setClock(null);
    });

    it('never go back with the store`s clock', async () => {
      const seat = await openSeat(state);
      await harness.setClock(Date.parse('2030-02-01T00:00:01.000Z'));
      await seat.send(reserveItem({ nodes: [ask(60n, 100n)] }));
      await harness.setClock(Date.parse('2030-01-31T23:59:58.000Z'));
      const replies = await seat.send(
        reserveItem({ nodes: [ask(60n, 100n)] }),
        reserveItem({ nodes: [ask(40n, 100n)] }),
      );
      expect(replies[0]).toMatchObject({ kind: 'held', node: { periodId: '2030-02' } });
      expect(granted(replies[1])).toMatchObject([{ periodId: '2030-02', held: 100n }]);
      await harness.setClock(null);
    });
  });
}
