import { type PaymentRecord, paymentRecord, toJson } from '@tollwright/contracts';
import type { Claim, ClaimReply, ClaimStore, MoveReply } from '../port.ts';
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
    move: (claimKey, from, record) =>
      connection.value<MoveReply>('state_move', 'SELECT state.move_claim($1, $2, $3, $4)', [
        claimKey,
        from.state,
        from.version,
        toJson(record),
      ]),
    get: (claimKey) => connection.value<Claim | null>('state_get_claim', 'SELECT state.get_claim($1)', [claimKey]),
    async unresolved(afterClaimKey, limit): Promise<readonly PaymentRecord[]> {
      const text = 'SELECT state.unresolved_claims($1, $2)';
      const records = await connection.value<unknown[]>('state_unresolved', text, [afterClaimKey, limit]);
      return records.map((record) => paymentRecord.parse(record));
    },
  };
}
