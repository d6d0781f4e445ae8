import { CREDITED_PAYMENTS_MAX, type CreditBalance } from '@tollwright/contracts';
import { creditNodeOf, NANO_USD_MAX } from '@tollwright/core';
import type { Tx } from '@tollwright/db';

/** Whose balance it is: a customer's, or that of one of its agents alone. */
export interface BalanceOwner {
  readonly customerId: string;
  /** Null: the customer's, for all agents that have none of their own. */
  readonly agentId: string | null;
  readonly livemode: boolean;
}

/** Everything that ever came into a balance, less what was taken back. */
export interface Balance extends BalanceOwner {
  readonly paidInNanoUsd: bigint;
}

/** The balances of a customer that anything ever came into. */
export async function balancesOf(tx: Tx, providerId: string, customerId: string): Promise<Balance[]> {
  const sums = await tx.creditGrant.groupBy({
    by: ['agentId', 'livemode'],
    where: { providerId, customerId },
    _sum: { amountNanoUsd: true },
  });
  return sums.map(({ agentId, livemode, _sum }) => {
    return { customerId, agentId, livemode, paidInNanoUsd: _sum.amountNanoUsd ?? 0n };
  });
}

/** The counter of a balance. */
export function nodeOfBalance({ customerId, agentId, livemode }: BalanceOwner): string {
  return creditNodeOf(agentId ?? customerId, livemode);
}

/** What a key draws on: its agent's balance where it has one, or else the customer's; undefined where there is neither. */
export function balanceOfKey(
  balances: readonly Balance[],
  { agentId, livemode }: { readonly agentId: string; readonly livemode: boolean },
): CreditBalance | undefined {
  const ofMode = balances.filter((balance) => balance.livemode === livemode);
  const found = ofMode.find((balance) => balance.agentId === agentId) ?? ofMode.find((one) => one.agentId === null);
  return found && { node: nodeOfBalance(found), limitNanoUsd: asLimit(found.paidInNanoUsd) };
}

/** The newest payments that a customer's balances have, newest first. */
export async function creditedPaymentsOf(tx: Tx, providerId: string, customerId: string): Promise<string[]> {
  const rows = await tx.creditGrant.findMany({
    where: { providerId, customerId, source: 'payment' },
    orderBy: { id: 'desc' },
    take: CREDITED_PAYMENTS_MAX,
    select: { paymentId: true },
  });
  return rows.flatMap(({ paymentId }) => paymentId ?? []);
}

function asLimit(paidIn: bigint): bigint {
  if (paidIn < 0n) return 0n;
  return paidIn < NANO_USD_MAX ? paidIn : NANO_USD_MAX;
}
