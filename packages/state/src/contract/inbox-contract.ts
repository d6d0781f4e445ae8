import { type InboxItem, toJson } from '@tollwright/contracts';
import { nanoUsd } from '@tollwright/core';
import { describe, expect, it } from 'vitest';
import { type StatePort, StateRejected } from '../port.ts';
import { duringSuite, freshId, type OpenHarness, registerSpool } from './harness.ts';

function usage(eventId: string): InboxItem {
  const none = nanoUsd(0n);
  return {
    kind: 'usage',
    event: {
      ...{ schemaVersion: 1, eventId, requestId: eventId, type: 'request', livemode: true, providerId: 'prv_1' },
      ...{ customerId: 'cus_1', agentId: 'agt_1', parentAgentId: null, projectId: null, sessionId: null },
      ...{ keyId: 'key_1', payer: null, apiId: 'api_1', routeId: 'rte_1', snapshotVersion: 1, planVersionId: null },
      ...{ data: { model: 'small', input_tokens: 3 }, bytesIn: 1, bytesOut: 2, durationMs: 1.5, firstByteMs: null },
      ...{ estimated: false, ratedNanoUsd: nanoUsd(9_000_000_000_000_000n), chargedNanoUsd: none },
      ...{ shortfallNanoUsd: none, costNanoUsd: null, charges: [{ node: 'n', periodId: '2026-11', amount: 7n }] },
      ...{ rail: 'plan', paymentId: null, decision: 'forwarded', status: 200, upstreamStatus: 200, gateway: 'gw_1' },
      occurredAt: '2026-11-24T00:00:00Z',
    },
  };
}

const batch = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => ({ sequence: from + index, item: usage(`evt_${from + index}`) }));

const asJson = (items: ReturnType<typeof batch>) => Buffer.from(toJson(items.map(({ item }) => item)));

/** From a spool to the worker: nothing lost, nothing twice. */
export function inboxContract(open: OpenHarness): void {
  describe('inbox', () => {
    let state: StatePort;
    duringSuite(open, (opened) => {
      state = opened.connect();
    });

    it('takes items that are JSON already, as it takes the same items as values', async () => {
      const spoolId = await registerSpool(state);
      await state.inbox.append(spoolId, batch(1, 2));
      await state.inbox.appendJson(spoolId, 2, 3, asJson(batch(2, 4)));
      const read = await state.inbox.read(spoolId, 0, 10);
      expect(read).toEqual(batch(1, 4));
      await expect(state.inbox.appendJson(spoolId, 6, 1, asJson(batch(6, 6)))).rejects.toThrow(StateRejected);
    });

    it('append, read, acknowledge: items come whole and in order, and are forgotten once committed', async () => {
      const spoolId = freshId('spl');
      expect(await state.inbox.watermark(spoolId)).toBe(0);
      await state.inbox.append(spoolId, batch(1, 5));
      expect(await state.inbox.pending()).toContain(spoolId);
      expect(await state.inbox.read(spoolId, 0, 100)).toEqual(batch(1, 5));
      expect((await state.inbox.read(spoolId, 2, 2)).map((entry) => entry.sequence)).toEqual([3, 4]);
      await state.inbox.acknowledge(spoolId, 3);
      expect(await state.inbox.watermark(spoolId)).toBe(3);
      expect((await state.inbox.read(spoolId, 0, 100)).map((entry) => entry.sequence)).toEqual([4, 5]);
      await state.inbox.acknowledge(spoolId, 2);
      expect(await state.inbox.watermark(spoolId)).toBe(3);
      await state.inbox.acknowledge(spoolId, 5);
      expect(await state.inbox.pending()).not.toContain(spoolId);
    });

    it('append: what came before is ignored, acknowledged or not, also at once', async () => {
      const spoolId = freshId('spl');
      await state.inbox.append(spoolId, batch(1, 3));
      await state.inbox.acknowledge(spoolId, 2);
      await Promise.all(Array.from({ length: 6 }, () => state.inbox.append(spoolId, batch(1, 5))));
      expect((await state.inbox.read(spoolId, 0, 100)).map((entry) => entry.sequence)).toEqual([3, 4, 5]);
      await state.inbox.append(spoolId, []);
    });

    it('append: a gap is rejected, since acknowledging past it would lose items', async () => {
      const spoolId = freshId('spl');
      await state.inbox.append(spoolId, batch(1, 2));
      await expect(state.inbox.append(spoolId, batch(4, 5))).rejects.toBeInstanceOf(StateRejected);
      expect((await state.inbox.read(spoolId, 0, 100)).map((entry) => entry.sequence)).toEqual([1, 2]);
    });

    it('a spool with items in the inbox does not close', async () => {
      const spoolId = await registerSpool(state);
      await state.inbox.append(spoolId, batch(1, 1));
      await expect(state.spools.close(spoolId)).rejects.toBeInstanceOf(StateRejected);
      await state.inbox.acknowledge(spoolId, 1);
      await state.spools.close(spoolId);
    });
  });
}
