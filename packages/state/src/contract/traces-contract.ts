import { type CallTrace, toJson } from '@tollwright/contracts';
import { describe, expect, it } from 'vitest';
import type { StatePort } from '../port.ts';
import { TRACES_KEPT_MAX } from '../trace-store.ts';
import { duringSuite, freshId, type OpenHarness } from './harness.ts';

function trace(eventId: string): CallTrace {
  return {
    ...{ schemaVersion: 1, eventId, requestId: `req_${eventId}`, livemode: true, providerId: 'prv_1' },
    ...{ customerId: null, agentId: null, keyId: null, apiId: 'api_1', routeId: 'rte_1', method: 'GET' },
    ...{ pathTemplate: '/quotes/{symbol}', snapshotVersion: 1, planVersionId: null, outcome: 'refused', status: 401 },
    ...{ problem: 'invalid-key', clientIp: null, durationMs: 0.5, policies: [], worstCase: null, used: null },
    ...{ chargedNanoUsd: null, gateway: 'gw_1', occurredAt: '2026-11-24T00:00:00Z' },
  };
}

const named = (count: number) => Array.from({ length: count }, () => trace(freshId('evt')));
const asText = (traces: readonly CallTrace[]) => traces.map((one) => toJson(one));

/** Traces of calls: as many as there is room for, until the worker removes them. */
export function tracesContract(open: OpenHarness): void {
  describe('traces', () => {
    let state: StatePort;
    duringSuite(open, (opened) => {
      state = opened.connect();
    });

    async function everything() {
      const found = await state.traces.read(TRACES_KEPT_MAX * 2);
      return { found, ids: found.map(({ id }) => id) };
    }

    it('come back in order until they are removed; removing them again does no harm', async () => {
      const made = named(3);
      expect(await state.traces.append(asText(made))).toBe(3);
      expect(await state.traces.append([])).toBe(0);
      const [first, ...rest] = await state.traces.read(10);
      expect([first, ...rest].map((entry) => entry?.trace)).toEqual(made);
      expect((await state.traces.read(1)).map(({ id }) => id)).toEqual([first?.id]);
      await state.traces.remove([first?.id ?? '']);
      await state.traces.remove([first?.id ?? '']);
      expect((await state.traces.read(10)).map(({ trace: left }) => left)).toEqual(made.slice(1));
      await state.traces.remove(rest.map(({ id }) => id));
      expect(await state.traces.read(10)).toEqual([]);
    });

    it('that cannot be read come with the reason', async () => {
      await state.traces.append(['{"schemaVersion":1}', 'no json', ...asText(named(1))]);
      const { found, ids } = await everything();
      expect(found.map((entry) => (entry.trace === null ? entry.reason.length > 0 : 'a trace'))).toEqual([
        true,
        true,
        'a trace',
      ]);
      await state.traces.remove(ids);
    });

    it('are taken up to the most that are kept, and again once there is room', async () => {
      const [one] = asText(named(1));
      const piece = Array.from({ length: 1_000 }, () => one ?? '');
      for (let sent = 0; sent < TRACES_KEPT_MAX - 500; sent += 1_000) {
        expect(
          await state.traces.append(piece.slice(0, Math.min(1_000, TRACES_KEPT_MAX - 500 - sent))),
        ).toBeGreaterThan(0);
      }
      expect(await state.traces.append(piece)).toBe(500);
      expect(await state.traces.append(piece)).toBe(0);
      const { ids } = await everything();
      expect(ids).toHaveLength(TRACES_KEPT_MAX);
      await state.traces.remove(ids.slice(0, 10));
      expect(await state.traces.append(piece)).toBe(10);
      await state.traces.remove((await everything()).ids);
      expect(await state.traces.read(1)).toEqual([]);
    });
  });
}
