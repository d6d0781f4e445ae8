import { type Cycle, cycleAt } from '@tollwright/core';
import type { Tx } from '@tollwright/db';

/** Whose cycles. */
export interface Billed {
  readonly providerId: string;
  readonly customerId: string;
}

/** So many closed cycles are looked at again for what came late. */
export const LATE_CYCLES = 2;

/** When the first subscription of a customer began: from there on its cycles run. Null before. */
export async function billingAnchor(tx: Tx, { providerId, customerId }: Billed): Promise<number | null> {
  const first = await tx.subscription.findFirst({
    where: { providerId, customerId },
    orderBy: { startedAt: 'asc' },
    select: { startedAt: true },
  });
  return first?.startedAt.getTime() ?? null;
}

/** The cycle of a customer with a subscription that a moment falls in, whether it is open or not. */
export async function billingCycleAt(tx: Tx, billed: Billed, atMs: number): Promise<Cycle> {
  return cycleAt('month', (await billingAnchor(tx, billed)) ?? atMs, atMs);
}

/** Opens the cycle that a moment falls in, unless it is there. */
export async function openCycle(tx: Tx, billed: Billed, atMs: number): Promise<Cycle> {
  const cycle = await billingCycleAt(tx, billed, atMs);
  const { providerId, customerId } = billed;
  await tx.billingCycle.createMany({
    data: [{ providerId, customerId, startsAt: new Date(cycle.startsAtMs), endsAt: new Date(cycle.endsAtMs) }],
    skipDuplicates: true,
  });
  return cycle;
}
