import type { UsageEvent } from '@tollwright/contracts';
import { type BurntPart, isCreditNode } from '@tollwright/core';
import type { Tx } from '@tollwright/db';
import { burnOwed } from './burn.ts';
import { groupByNode, lockBalances, takeFromLots } from './lots.ts';

/** A call that drew on a balance. */
interface Draw {
  readonly event: UsageEvent;
  readonly customerId: string;
  readonly node: string;
}

/**
 * Burns what new events drew over the grants of their balances, in the order in which the calls were made. Answers how much of each
 * event promotional credit paid, by the event's id; paid credit paid the rest. The provider is the transaction's, whose events must
 * be stored by it and no other, and which changes no customer after this.
 */
export async function drawCredit(
  tx: Tx,
  providerId: string,
  events: readonly UsageEvent[],
): Promise<ReadonlyMap<string, bigint>> {
  const draws = events.flatMap((event) => drawOf(event) ?? []).sort(byMoment);
  const promotional = new Map<string, bigint>();
  if (draws.length === 0) return promotional;
  const owners = draws.map(({ event, node, customerId }) => ({ node, customerId, livemode: event.livemode }));
  const locked = await lockBalances(tx, providerId, owners);
  const taken: BurntPart[] = [];
  for (const [node, ofNode] of groupByNode(draws)) {
    const balance = locked.get(node);
    if (balance === undefined) throw new RangeError(`the balance ${node} is another provider's`);
    let { lots, overdrawnNanoUsd: overdrawn } = balance;
    for (const { event } of ofNode) {
      const drawn = burnOwed(overdrawn + event.chargedNanoUsd, lots, Date.parse(event.occurredAt));
      promotional.set(event.eventId, sumOfPromotional(drawn.parts));
      taken.push(...drawn.parts);
      ({ lots, overdrawnNanoUsd: overdrawn } = drawn);
    }
    if (overdrawn !== balance.overdrawnNanoUsd)
      await tx.creditBalance.update({ where: { node }, data: { overdrawnNanoUsd: overdrawn } });
  }
  await takeFromLots(tx, taken);
  return promotional;
}

function drawOf(event: UsageEvent): Draw | null {
  const { rail, customerId, chargedNanoUsd, charges } = event;
  if (rail !== 'plan' || customerId === null || chargedNanoUsd === 0n) return null;
  const node = charges.find((charge) => isCreditNode(charge.node))?.node;
  return node === undefined ? null : { event, customerId, node };
}

function byMoment({ event: a }: Draw, { event: b }: Draw): number {
  return Date.parse(a.occurredAt) - Date.parse(b.occurredAt) || (a.eventId < b.eventId ? -1 : 1);
}

function sumOfPromotional(parts: readonly BurntPart[]): bigint {
  return parts.reduce((sum, part) => (part.promotional ? sum + part.amountNanoUsd : sum), 0n);
}
