import type { UsageEvent } from '@tollwright/contracts';
import { isCreditNode, nanoUsd } from '@tollwright/core';
import type { Transfer } from '../ledger/post.ts';

/**
 * What a plan call posts: the customer owes what it was charged, or had paid it before, and the provider earned it. Null for calls that cost nothing
 * and for those that were paid for one by one, with a key or without, whose payment posts instead. `promotionalNanoUsd`: how much of it
 * credit paid that was given.
 */
export function transferOfEvent(event: UsageEvent, promotionalNanoUsd = 0n): Transfer | null {
  const { customerId, chargedNanoUsd } = event;
  if (event.rail !== 'plan' || customerId === null || chargedNanoUsd === 0n) return null;
  return {
    providerId: event.providerId,
    customerId,
    reference: `event:${event.eventId}`,
    kind: 'usage',
    livemode: event.livemode,
    occurredAt: new Date(event.occurredAt),
    lines: [
      {
        kind: isPrepaid(event) ? 'credits' : 'receivable',
        ...{ customerId, amountNanoUsd: nanoUsd(chargedNanoUsd - promotionalNanoUsd) },
      },
      { kind: 'promotional', customerId, amountNanoUsd: nanoUsd(promotionalNanoUsd) },
      { kind: 'revenue', customerId: null, amountNanoUsd: nanoUsd(-chargedNanoUsd) },
    ],
  };
}

function isPrepaid({ charges }: UsageEvent): boolean {
  return charges.some(({ node }) => isCreditNode(node));
}
