import { toJson } from '@tollwright/contracts';
import { type Epoch, type EpochStore, StateRejected } from '../port.ts';
import { decodeRejoin, encodeRejoin } from '../wire/rejoin.ts';
import { restoredCounters } from '../wire/restored-counters.ts';
import { noteAccess } from './accesses.ts';
import type { RedisConnection } from './connection.ts';
import { CLAIM_SHARDS, claimKeys, claimMark, epochKeys, spoolKeys, spoolLists, tagKeys } from './keys.ts';
import { restoreRooms } from './rooms.ts';
import {
  currentEpochScript,
  markScript,
  openEpochScript,
  raiseEpochScript,
  rejoinScript,
  restoreClaimScript,
  restoreTagScript,
} from './scripts/epoch.ts';
import { isLent, lend } from './unsettled.ts';
import { agreeVolume } from './volumes.ts';

type WireEpoch = readonly [epoch: string, kind: Epoch['kind'], reason: string, since: string];

/** The store's epoch: a mark of its own, one in every shard of claims, and the tags that say which one they are of. */
export function redisEpochs(connection: RedisConnection): EpochStore {
  const { mark } = epochKeys;
  const current = async () => epochOf(await connection.run<WireEpoch>(currentEpochScript, [mark], []));
  const markShards = (epoch: number, kind: 'open' | 'closed') =>
    Promise.all(
      Array.from({ length: CLAIM_SHARDS }, (_, shard) => connection.run(markScript, [claimMark(shard)], [epoch, kind])),
    );
  return {
    current,
    async survey() {
      const epoch = await current();
      if (epoch.kind !== 'open') return epoch;
      const shards = Array.from({ length: CLAIM_SHARDS }, (_, shard) =>
        connection.run<WireEpoch>(currentEpochScript, [claimMark(shard)], []),
      );
      const whole = (await Promise.all(shards)).every(([of, kind]) => Number(of) === epoch.epoch && kind === 'open');
      return whole ? epoch : { ...epoch, kind: 'lost', reason: 'a part of the store is not the one it was' };
    },
    async raise(above, reason) {
      const raised = epochOf(await connection.run<WireEpoch>(raiseEpochScript, [mark], [above, reason]));
      if (raised.kind === 'closed') await markShards(raised.epoch, 'closed');
      return raised;
    },
    async rejoin(report) {
      const { epoch, spoolId } = report;
      // The list of inboxes lies in another slot than the inbox: one may be lost without the other.
      await connection.command('SADD', spoolLists.inbox, spoolId);
      const keys = [mark, epochKeys.reports(epoch)];
      const done = await connection.run<number>(rejoinScript, keys, [epoch, spoolId, encodeRejoin(report)]);
      if (done !== 1) throw notClosed(epoch);
    },
    async reports(epoch) {
      return (await connection.hash(epochKeys.reports(epoch))).map(([, text]) => decodeRejoin(text));
    },
    async restoreTag(epoch, tag, spent, holds) {
      requireClosed(await current(), epoch);
      const counters = restoredCounters(spent, holds).flatMap((counter) => {
        const text = `${counter.spent} ${counter.held} 0`;
        return [counter.periodId, counter.node, text, counter.endsAtMs ?? 0];
      });
      const held = holds.flatMap(({ spoolId, callId, sinceMs, deadlineAtMs, reason, nodes }) => {
        const parts = nodes.flatMap(({ node, periodId, amount }) => [node, periodId, `${amount}`]);
        return [spoolId, callId, JSON.stringify([`${sinceMs}`, `${Math.trunc(deadlineAtMs)}`, reason, ...parts])];
      });
      // A successor of one of them looks there for what it left.
      for (const spoolId of new Set(holds.map((hold) => hold.spoolId))) {
        const { record, tags } = spoolKeys(spoolId);
        // Counted first: a closing of a seat that is under way then leaves the list alone.
        await connection.command('HINCRBY', record, 'visits', 1);
        await connection.command('SADD', tags, tag);
      }
      const { record, versions, seats, holders } = tagKeys(tag);
      const args = [epoch, counters.length / 4, ...counters, holds.length, ...held];
      const done = await connection.run<number>(restoreTagScript, [record, versions, seats, holders], args);
      if (done !== 1) throw notClosed(epoch);
    },
    async restoreClaims(epoch, claims) {
      for (const { record, callId, spoolId, requestHash } of claims) {
        const { claimKey, paymentId, state, version, transaction } = record;
        const { record: key, open, mark: shard, channel } = claimKeys(claimKey);
        const fields = [claimKey, paymentId, callId, spoolId, requestHash, state, version, transaction ?? ''];
        const args = [epoch, ...fields, toJson(record)];
        await noteAccess(connection, record);
        const done = await connection.run<number>(restoreClaimScript, [key, open, shard, ...channel], args);
        if (done !== 1) throw notClosed(epoch);
        await restoreRooms(connection, record);
        await agreeVolume(connection, record);
        if (isLent(record)) await lend(connection, record);
      }
    },
    async open(epoch) {
      const now = await current();
      if (now.kind !== 'closed' || now.epoch !== epoch) return now;
      // The shards first: one that was raised meanwhile is of a later epoch and stays closed.
      await markShards(epoch, 'open');
      const opened = epochOf(await connection.run<WireEpoch>(openEpochScript, [mark], [epoch]));
      await connection.command('DEL', epochKeys.reports(epoch));
      return opened;
    },
  };
}

function epochOf([epoch, kind, reason, since]: WireEpoch): Epoch {
  return { epoch: Number(epoch), kind, reason, sinceMs: Number(since) };
}

function requireClosed(now: Epoch, epoch: number): void {
  if (now.kind !== 'closed' || now.epoch !== epoch) throw notClosed(epoch);
}

function notClosed(epoch: number): StateRejected {
  return new StateRejected(`epoch ${epoch} is not being rebuilt`);
}
