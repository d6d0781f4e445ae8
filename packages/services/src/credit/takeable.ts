import { type BurntPart, compareGrants, nanoUsd } from '@tollwright/core';
import type { Tx } from '@tollwright/db';
import { type BalanceOwner, nodeOfBalance } from './balances.ts';
import { surelyLeft } from './burn.ts';
import { type Lot, lockBalances } from './lots.ts';
import { pendingOf, storedDraws } from './pending.ts';

/**
 * What may be taken out of a balance's grants now, in the order in which they burn: nothing that calls drew or hold, which is
 * `drawn` as far as it is known. Locks the balance.
 */
export async function takeableOf(
  tx: Tx,
  providerId: string,
  owner: BalanceOwner,
  drawnNanoUsd: bigint,
): Promise<readonly Lot[]> {
  const node = nodeOfBalance(owner);
  const { customerId, livemode } = owner;
  const balance = (await lockBalances(tx, providerId, [{ node, customerId, livemode }])).get(node);
  if (balance === undefined) return [];
  const stored = (await storedDraws(tx, providerId, customerId)).get(node) ?? 0n;
  const pending = pendingOf({ spent: drawnNanoUsd, held: 0n }, stored);
  return [...surelyLeft(balance.overdrawnNanoUsd + pending, balance.lots)].sort(compareGrants);
}

/** Takes at most an amount of grants, one after the other. */
export function takeUpTo(amountNanoUsd: bigint, lots: readonly Lot[]): BurntPart[] {
  const parts: BurntPart[] = [];
  let open: bigint = amountNanoUsd;
  for (const { id, promotional, leftNanoUsd: left } of lots) {
    const amount = left < open ? left : open;
    if (amount <= 0n) continue;
    parts.push({ id, promotional, amountNanoUsd: nanoUsd(amount) });
    open -= amount;
  }
  return parts;
}

export function sumOf(parts: readonly BurntPart[]): bigint {
  return parts.reduce((sum, { amountNanoUsd }) => sum + amountNanoUsd, 0n);
}
