import { type Cycle, type Rational, rational } from '@tollwright/core';
import type { Tx } from '@tollwright/db';
import type { Billed } from './cycle.ts';

/** A plan version that a customer was on in a cycle, and for what part of it. */
export interface VersionStay {
  readonly planVersionId: string;
  /** Whether of the customer's live mode. */
  readonly livemode: boolean;
  readonly share: Rational;
}

/** The versions that a customer was on in a cycle, in the order in which it first was; one that is not left is one until its end. */
export async function staysIn(tx: Tx, billed: Billed, cycle: Cycle): Promise<VersionStay[]> {
  const [startsAt, endsAt] = [new Date(cycle.startsAtMs), new Date(cycle.endsAtMs)];
  const left = await tx.planStay.findMany({ where: { ...billed, startsAt: { lt: endsAt }, endsAt: { gt: startsAt } } });
  const subscriptions = await tx.subscription.findMany({ where: { ...billed, startedAt: { lt: endsAt } } });
  const last = subscriptions.map((one) => ({ ...one, startsAt: one.movedAt ?? one.startedAt, endsAt: one.endedAt }));
  const stays = [...left, ...last].sort((a, b) => a.startsAt.getTime() - b.startsAt.getTime());
  const found = new Map<string, { planVersionId: string; livemode: boolean; ms: number }>();
  for (const { planVersionId, livemode, startsAt, endsAt } of stays) {
    const fromMs = Math.max(cycle.startsAtMs, startsAt.getTime());
    const untilMs = Math.min(cycle.endsAtMs, endsAt?.getTime() ?? cycle.endsAtMs);
    if (fromMs >= untilMs) continue;
    const stay = found.get(planVersionId) ?? { planVersionId, livemode, ms: 0 };
    stay.ms += untilMs - fromMs;
    found.set(planVersionId, stay);
  }
  const cycleMs = BigInt(cycle.endsAtMs - cycle.startsAtMs);
  return [...found.values()].map(({ ms, ...stay }) => ({ ...stay, share: rational(BigInt(ms), cycleMs) }));
}
