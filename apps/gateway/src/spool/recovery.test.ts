import { existsSync, mkdtempSync, rmSync, statSync, symlinkSync, truncateSync, unlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nanoUsd } from '@tollwright/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { interruptedEvent } from './interrupted.ts';
import type { EventBase, EventTail } from './record.ts';
import { intentJson, itemRecordJson, membersOf, progressJson, usageItemJson } from './record-json.ts';
import { replaySpool } from './replay.ts';
import { SegmentWriter, segmentPath } from './segment-writer.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'tw-spool-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const base = (eventId: string): EventBase => ({
  ...{ schemaVersion: 1, eventId, requestId: `req_${eventId}`, type: 'request', livemode: true, providerId: 'prv_1' },
  ...{ customerId: 'cus_1', agentId: 'agt_1', parentAgentId: null, projectId: null, sessionId: null, keyId: 'key_1' },
  ...{ payer: null, apiId: 'api_1', routeId: 'rte_1', snapshotVersion: 1, planVersionId: 'plv_1', bytesIn: 3 },
  ...{ costNanoUsd: null, rail: 'plan', paymentId: null, gateway: 'one', occurredAt: '2026-11-24T00:00:00.000Z' },
});
const tail = (charged: bigint): EventTail => ({
  ...{ data: { route: 'r', status: 200 }, bytesOut: 5, durationMs: 1.5, firstByteMs: null, estimated: false },
  ...{ ratedNanoUsd: nanoUsd(charged), chargedNanoUsd: nanoUsd(charged), shortfallNanoUsd: nanoUsd(0n) },
  charges: [{ node: 'budget:k', periodId: '2026-11', amount: charged }],
  ...{ decision: 'forwarded', status: 200, upstreamStatus: 200 },
});
const intent = (eventId: string) => intentJson('c:cus_1', null, { route: 'r' }, membersOf(base(eventId)));
const outcome = (sequence: number, eventId: string) =>
  itemRecordJson(sequence, usageItemJson(membersOf(base(eventId)), tail(7n)));

async function write(records: readonly string[], segmentBytesMax = 1 << 20): Promise<number[]> {
  const segments: number[] = [];
  const writer = new SegmentWriter(dir, { segmentBytesMax, onSegment: (index) => segments.push(index) });
  for (const json of records) await new Promise((done) => writer.append(json, done));
  await writer.close();
  return segments;
}

describe('replay of a spool', () => {
  it('finds items in order, and calls without an outcome with their last progress', async () => {
    const records = [intent('a'), intent('b'), intent('c'), progressJson('b', tail(1n)), outcome(1, 'a')];
    await write([...records, progressJson('b', tail(2n))]);
    const replay = replaySpool(dir);
    expect(replay.items.map(({ sequence }) => sequence)).toEqual([1]);
    expect(replay.interrupted.map(({ intent: { base: of } }) => of.eventId)).toEqual(['b', 'c']);
    const [b, c] = replay.interrupted.map(({ intent: found, progress }) => interruptedEvent(found, progress));
    expect(b).toMatchObject({ eventId: 'b', decision: 'interrupted', chargedNanoUsd: 2n, charges: [{ amount: 2n }] });
    expect(c).toMatchObject({ eventId: 'c', decision: 'interrupted', chargedNanoUsd: 0n, charges: [] });
  });

  it('reads over segments, each begun when the one before is full', async () => {
    const ids = Array.from({ length: 20 }, (_, index) => `e${index}`);
    const records = ids.flatMap((id, index) => [intent(id), outcome(index + 1, id)]);
    expect((await write(records, 2_000)).length).toBeGreaterThan(3);
    const replay = replaySpool(dir);
    expect(replay.items.map(({ sequence }) => sequence)).toEqual(ids.map((_, index) => index + 1));
    expect(replay.interrupted).toEqual([]);
  });

  it('with the tail cut at every byte, a call has its outcome or is interrupted, never both, never twice', async () => {
    await write([intent('a'), outcome(1, 'a'), intent('b'), progressJson('b', tail(3n)), outcome(2, 'b')]);
    const path = segmentPath(dir, 1);
    const wrong: unknown[] = [];
    let after = 2;
    for (let cut = statSync(path).size; cut >= 0; cut--) {
      truncateSync(path, cut);
      const replay = replaySpool(dir);
      const done = replay.items.map(({ item }) => (item.kind === 'usage' ? item.event.eventId : ''));
      const open = replay.interrupted.map(({ intent: { base: of } }) => of.eventId);
      const known = done.length + open.length;
      if (new Set([...done, ...open]).size !== known || known > after) wrong.push({ cut, done, open });
      after = known;
    }
    expect(wrong).toEqual([]);
    expect(after).toBe(0);
  });
});

describe('segment writer', () => {
  it('answers every record of a turn after one write, durable ones after the disk', async () => {
    const writer = new SegmentWriter(dir, { onSegment: () => undefined });
    const order: string[] = [];
    const durable = new Promise<void>((done) => {
      writer.appendDurably(intent('a'), (error) => {
        order.push(`durable ${error}`);
        done();
      });
    });
    writer.append(intent('b'), (error) => order.push(`written ${error}`));
    expect(order).toEqual([]);
    await durable;
    expect(order).toEqual(['written null', 'durable null']);
    await writer.close();
    expect(replaySpool(dir).interrupted).toHaveLength(2);
  });

  it('is synced once every record is on the disk, those of segments before too', async () => {
    const writer = new SegmentWriter(dir, { segmentBytesMax: 1, onSegment: () => undefined });
    await writer.synced();
    for (const id of ['a', 'b', 'c']) {
      writer.append(intent(id));
      await writer.synced();
      expect(replaySpool(dir).interrupted.at(-1)?.intent.base.eventId).toBe(id);
    }
    expect(writer.index).toBe(4);
    await writer.close();
  });

  it('goes on in the segment that it has while no new one can be made', async () => {
    const writer = new SegmentWriter(dir, { segmentBytesMax: 1, onSegment: () => undefined });
    rmSync(dir, { recursive: true });
    const errors: (Error | null)[] = [];
    for (const id of ['a', 'b', 'c']) {
      await new Promise<void>((done) => writer.append(intent(id), (error) => done(void errors.push(error))));
    }
    expect(errors).toEqual([null, null, null]);
    expect(writer.index).toBe(1);
    await writer.close();
  });

  // Linux has a disk that is always full.
  it.runIf(existsSync('/dev/full'))(
    'tells of a full disk, and begins anew behind a frame that it could not cut off',
    async () => {
      symlinkSync('/dev/full', segmentPath(dir, 1));
      const writer = new SegmentWriter(dir, { onSegment: () => undefined });
      const append = (id: string) => new Promise<Error | null>((done) => writer.append(intent(id), done));
      expect(await append('a')).toMatchObject({ code: 'ENOSPC' });
      expect(await append('b')).toBeNull();
      await writer.close();
      unlinkSync(segmentPath(dir, 1));
      expect(replaySpool(dir).interrupted.map(({ intent: { base: of } }) => of.eventId)).toEqual(['b']);
    },
  );

  it('answers nobody before append returns, however much a turn writes', async () => {
    const writer = new SegmentWriter(dir, { onSegment: () => undefined });
    const ids = Array.from({ length: 3_000 }, (_, index) => `e${index}`);
    let answered = 0;
    const all = ids.map((id) => new Promise<void>((done) => writer.append(intent(id), () => done(void answered++))));
    expect(answered).toBe(0);
    await Promise.all(all);
    await writer.close();
    expect(replaySpool(dir).interrupted.map(({ intent: { base: of } }) => of.eventId)).toEqual(ids);
  });
});
