import { countersOf } from '../budget/budget.ts';
import type { ServiceContext } from '../context.ts';
import { conflict } from '../refusals.ts';
import { type BalanceOwner, nodeOfBalance } from './balances.ts';

/** What calls have drawn and hold. Nothing is taken back while nobody can tell. */
export async function drawnOf(ctx: ServiceContext, owner: BalanceOwner): Promise<bigint> {
  const counters = await countersOf(ctx, owner.customerId);
  if (counters === null) throw conflict('The store that counts what was drawn does not answer. Try again.');
  const counter = counters.get(nodeOfBalance(owner));
  return (counter?.spent ?? 0n) + (counter?.held ?? 0n);
}
