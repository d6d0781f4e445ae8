import type { Tx } from '@tollwright/db';
import type { GrantedNode } from '@tollwright/state';
import { sumLeft, toLot } from './lots.ts';

/** What calls of a balance drew so far as they are stored: everything that came in less what grants have left. */
export async function storedDraws(
  tx: Tx,
  providerId: string,
  customerId: string,
): Promise<ReadonlyMap<string, bigint>> {
  const rows = await tx.$queryRaw<{ node: string; drawn: bigint }[]>`
    SELECT node, sum(amount)::bigint AS drawn FROM (
      SELECT 'credit:' || coalesce(agent_id, customer_id) || CASE WHEN livemode THEN ':live' ELSE ':test' END AS node,
        amount_nano_usd AS amount
      FROM credit_grant WHERE provider_id = ${providerId} AND customer_id = ${customerId}
      UNION ALL
      SELECT node, -left_nano_usd FROM credit_lot WHERE provider_id = ${providerId} AND customer_id = ${customerId}
      UNION ALL
      SELECT node, overdrawn_nano_usd FROM credit_balance WHERE provider_id = ${providerId} AND customer_id = ${customerId}
    ) AS moved GROUP BY node`;
  return new Map(rows.map(({ node, drawn }) => [node, drawn]));
}

/** What calls hold, or have drawn and are not stored yet, by a balance's counter. */
export function pendingOf(counter: Pick<GrantedNode, 'spent' | 'held'> | undefined, stored: bigint): bigint {
  const pending = (counter?.spent ?? 0n) + (counter?.held ?? 0n) - stored;
  return pending > 0n ? pending : 0n;
}

/** What the grants of a customer have left, and what was drawn beyond them, of all its balances. */
export async function lotsOfCustomer(tx: Tx, providerId: string, customerId: string) {
  const lots = (await tx.creditLot.findMany({ where: { providerId, customerId, leftNanoUsd: { gt: 0n } } })).map(toLot);
  const balances = await tx.creditBalance.findMany({ where: { providerId, customerId } });
  const overdrawn = new Map(balances.map(({ node, overdrawnNanoUsd }) => [node, overdrawnNanoUsd]));
  const postedOf = (node: string) => sumLeft(lots.filter((lot) => lot.node === node)) - (overdrawn.get(node) ?? 0n);
  return { lots, overdrawn, postedOf };
}
