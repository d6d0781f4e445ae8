import { type BurnableGrant, type BurntPart, type NanoUsd, nanoUsd } from '@tollwright/core';
import type { DbCreditGrant, DbCreditLot, Tx } from '@tollwright/db';
import { toStorableJson } from '../storable-json.ts';
import { type BalanceOwner, nodeOfBalance } from './balances.ts';

/** A grant as it burns, with whose it is. */
export interface Lot extends BurnableGrant {
  readonly node: string;
  readonly livemode: boolean;
}

/** A balance whose lots nobody else changes until the transaction ends. */
export interface LockedBalance {
  readonly node: string;
  /** What calls drew beyond all grants. */
  readonly overdrawnNanoUsd: bigint;
  /** Those that have something left. */
  readonly lots: readonly Lot[];
}

/** A balance as it is locked. */
export interface NodeOwner {
  readonly node: string;
  readonly customerId: string;
  readonly livemode: boolean;
}

/** Notes what a grant has left: all of it. In the transaction of the grant. */
export async function openLot(
  tx: Tx,
  grant: BalanceOwner &
    Pick<DbCreditGrant, 'id' | 'providerId' | 'amountNanoUsd' | 'createdAt'> &
    Partial<Pick<DbCreditGrant, 'promotional' | 'priority' | 'expiresAt'>>,
): Promise<void> {
  const { id, providerId, customerId, livemode, amountNanoUsd, createdAt } = grant;
  const { promotional = false, priority = 50, expiresAt = null } = grant;
  const order = { promotional, priority, expiresAt, createdAt };
  const amounts = { amountNanoUsd, leftNanoUsd: amountNanoUsd };
  await tx.creditLot.createMany({
    data: [{ grantId: id, providerId, customerId, node: nodeOfBalance(grant), livemode, ...order, ...amounts }],
  });
}

/**
 * Locks balances until the transaction ends and reads what their grants have left. Whoever also locks or changes the customer's row
 * does that before, so that two never wait for each other.
 */
export async function lockBalances(
  tx: Tx,
  providerId: string,
  owners: readonly NodeOwner[],
): Promise<ReadonlyMap<string, LockedBalance>> {
  const nodes = [...new Set(owners.map(({ node }) => node))];
  const data = owners.map(({ node, customerId, livemode }) => ({ node, providerId, customerId, livemode }));
  const sorted = data.sort((a, b) => (a.node < b.node ? -1 : 1));
  await tx.creditBalance.createMany({ data: sorted, skipDuplicates: true });
  const balances = await tx.$queryRaw<{ node: string; overdrawn: bigint }[]>`
    SELECT node, overdrawn_nano_usd AS overdrawn FROM credit_balance
    WHERE provider_id = app_provider_id() AND node = ANY (${nodes}::text[]) ORDER BY node FOR UPDATE`;
  const lots = await tx.creditLot.findMany({ where: { providerId, node: { in: nodes }, leftNanoUsd: { gt: 0n } } });
  const byNode = groupByNode(lots.map(toLot));
  return new Map(
    balances.map(({ node, overdrawn }) => [node, { node, overdrawnNanoUsd: overdrawn, lots: byNode.get(node) ?? [] }]),
  );
}

/** Lowers what locked grants have left. The database refuses less than nothing. */
export async function takeFromLots(tx: Tx, parts: readonly Pick<BurntPart, 'id' | 'amountNanoUsd'>[]): Promise<void> {
  if (parts.length === 0) return;
  const taken = parts.map(({ id, amountNanoUsd }) => ({ id, amount: amountNanoUsd }));
  await tx.$executeRaw`
    UPDATE credit_lot AS l SET left_nano_usd = l.left_nano_usd - t.amount
    FROM (SELECT id, sum(amount)::bigint AS amount
      FROM jsonb_to_recordset(${toStorableJson(taken)}::jsonb) AS t(id text, amount bigint) GROUP BY id) AS t
    WHERE l.provider_id = app_provider_id() AND l.grant_id = t.id`;
}

export function toLot(row: DbCreditLot): Lot {
  const { grantId, node, livemode, promotional, priority, expiresAt, createdAt, leftNanoUsd } = row;
  return {
    ...{ id: grantId, node, livemode, promotional, priority },
    expiresAtMs: expiresAt?.getTime() ?? null,
    createdAtMs: createdAt.getTime(),
    leftNanoUsd: nanoUsd(leftNanoUsd),
  };
}

export function sumLeft(lots: readonly Pick<Lot, 'leftNanoUsd'>[]): NanoUsd {
  return nanoUsd(lots.reduce((sum, lot) => sum + lot.leftNanoUsd, 0n));
}

export function groupByNode<T extends { readonly node: string }>(
  items: readonly T[],
): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(item.node);
    if (group === undefined) groups.set(item.node, [item]);
    else group.push(item);
  }
  return groups;
}
