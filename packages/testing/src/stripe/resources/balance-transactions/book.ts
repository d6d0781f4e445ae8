import type { World } from '../../world.ts';
import { type BalanceTransaction, balanceTransactionOf, feeOf } from './balance-transaction.ts';

type Movement = { kind: Parameters<typeof feeOf>[0]; amount: number; currency: string; source: string };

/** Moves the account's balance: `amount` is negative when money leaves. The fee is Stripe's usual one unless given. */
export function book(
  world: World,
  movement: Movement,
  fee = feeOf(movement.kind, movement.amount),
): BalanceTransaction {
  return world.balanceTransactions.insert(balanceTransactionOf(world.clock.now(), { ...movement, fee }));
}
