import { paymentRecord, toJson } from '@tollwright/contracts';
import type { Claim, ClaimReply, ClaimStore, MoveReply, UnresolvedPayment } from '../port.ts';
import type { Connection } from './connection.ts';

/** Claims of payments. */
export function postgresClaims(connection: Connection): ClaimStore {
  return {
    claim: (record, { callId, spoolId, requestHash }) =>
      connection.value<ClaimReply>('state_claim', 'SELECT state.claim_payment($1, $2, $3, $4)', [
        toJson(record),
        callId,
        spoolId,
        requestHash,
      ]),
    claimWithin: (record, { callId, spoolId, requestHash }, bounds) =>
      connection.value('state_claim_within', 'SELECT state.claim_within($1, $2, $3, $4, $5)', [
        ...[toJson(record), callId, spoolId, requestHash],
        toJson(bounds.map(({ capNanoUsd: cap, ...bound }) => ({ ...bound, cap }))),
      ]),
    move: (claimKey, from, record) =>
      connection.value<MoveReply>('state_move', 'SELECT state.move_claim($1, $2, $3, $4)', [
        claimKey,
        from.state,
        from.version,
        toJson(record),
      ]),
    get: (claimKey) => connection.value<Claim | null>('state_get_claim', 'SELECT state.get_claim($1)', [claimKey]),
    async unresolved(afterClaimKey, limit): Promise<readonly UnresolvedPayment[]> {
      const text = 'SELECT state.unresolved_payments($1, $2)';
      const found = await connection.value<UnresolvedPayment[]>('state_unresolved', text, [afterClaimKey, limit]);
      return found.map(({ record, abandoned }) => ({ record: paymentRecord.parse(record), abandoned }));
    },
  };
}
