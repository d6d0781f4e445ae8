import { invalidRequest } from '../../errors.ts';
import type { Metadata } from '../../params/kinds.ts';
import type { World } from '../../world.ts';
import type { TaxCalculation } from './tax-calculation.ts';
import { type TaxTransaction, taxTransactionOf } from './tax-transaction.ts';

/** Books a calculation under a reference that nothing else has. Throws 400 when it has expired. */
export function bookCalculation(
  world: World,
  calculation: TaxCalculation,
  reference: string,
  metadata: Metadata,
): TaxTransaction {
  if (calculation.expires_at <= world.clock.now()) {
    throw invalidRequest(`The tax calculation ${calculation.id} has expired.`, { param: 'calculation' });
  }
  requireFree(world, reference);
  const lines = calculation.line_items.data;
  const transaction = taxTransactionOf(
    world.clock.now(),
    { ...calculation, lines },
    { reference, metadata, reverses: null },
  );
  return world.taxTransactions.insert(transaction);
}

/** Takes back a whole transaction, or the part of it that is given: a negative amount with its tax. */
export function reverseTransaction(
  world: World,
  original: TaxTransaction,
  { reference, metadata, flatAmount }: { reference: string; metadata: Metadata; flatAmount: number | null },
): TaxTransaction {
  requireFree(world, reference);
  const total = original.line_items.data.reduce((sum, line) => sum + grossOf(line), 0);
  const share = flatAmount === null ? 1 : -flatAmount / total;
  const lines = original.line_items.data.map((line) => ({
    ...line,
    amount: -Math.round(line.amount * share),
    amount_tax: -Math.round(line.amount_tax * share),
  }));
  const reverses = { id: original.id, lineIds: original.line_items.data.map((line) => line.id) };
  const transaction = taxTransactionOf(world.clock.now(), { ...original, lines }, { reference, metadata, reverses });
  return world.taxTransactions.insert(transaction);
}

function grossOf(line: { amount: number; amount_tax: number; tax_behavior: string }): number {
  return line.tax_behavior === 'exclusive' ? line.amount + line.amount_tax : line.amount;
}

/** Whether no transaction has a reference yet. */
export function isFree(world: World, reference: string): boolean {
  return !world.taxTransactions.newestFirst().some((transaction) => transaction.reference === reference);
}

function requireFree(world: World, reference: string): void {
  if (isFree(world, reference)) return;
  throw invalidRequest(`There is already a tax transaction with the reference '${reference}'.`, { param: 'reference' });
}
