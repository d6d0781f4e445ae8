import { toJson } from '@tollwright/contracts';
import type { Epoch, EpochStore } from '../port.ts';
import { decodeRejoin, encodeRejoin } from '../wire/rejoin.ts';
import { restoredCounters } from '../wire/restored-counters.ts';
import type { Connection } from './connection.ts';

/** The store's epoch: one row, and the tags that say which one they are of. */
export function postgresEpochs(connection: Connection): EpochStore {
  const current = () => connection.value<Epoch>('state_epoch', 'SELECT state.current_epoch()', []);
  return {
    current,
    survey: current,
    raise: (above, reason) =>
      connection.value<Epoch>('state_raise', 'SELECT state.raise_epoch($1, $2)', [above, reason]),
    async rejoin(report) {
      const values = [report.epoch, report.spoolId, encodeRejoin(report)];
      await connection.value('state_rejoin', 'SELECT state.rejoin_epoch($1, $2, $3)', values);
    },
    async reports(epoch) {
      const texts = await connection.value<string[]>('state_rejoined', 'SELECT state.rejoined($1)', [epoch]);
      return texts.map(decodeRejoin);
    },
    async restoreTag(epoch, tag, spent, holds) {
      const counters = restoredCounters(spent, holds).map((counter) => ({
        ...{ node: counter.node, period_id: counter.periodId, period: counter.period, ends_at_ms: counter.endsAtMs },
        ...{ spent: counter.spent, held: counter.held, limit_amount: 0 },
      }));
      const held = holds.map(({ callId, spoolId, nodes, sinceMs, deadlineAtMs, reason }) => ({
        ...{ call_id: callId, spool_id: spoolId, reason, since_ms: sinceMs, deadline_ms: Math.trunc(deadlineAtMs) },
        nodes: nodes.map((part) => part.node),
        period_ids: nodes.map((part) => part.periodId),
        amounts: nodes.map((part) => part.amount),
      }));
      const values = [epoch, tag, toJson(counters), toJson(held)];
      await connection.value('state_restore_tag', 'SELECT state.restore_tag($1, $2, $3, $4)', values);
    },
    async restoreClaims(epoch, claims) {
      const text = 'SELECT state.restore_claim($1, $2, $3, $4, $5)';
      for (const { record, callId, spoolId, requestHash } of claims) {
        const values = [epoch, toJson(record), callId, spoolId, requestHash];
        await connection.value('state_restore_claim', text, values);
      }
    },
    open: (epoch) => connection.value<Epoch>('state_open', 'SELECT state.open_epoch($1)', [epoch]),
  };
}
