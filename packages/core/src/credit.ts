import type { NanoUsd } from './money.ts';

/** Credit that is bought for a price: more than the price is a bonus. `key` is what a caller names it by. */
export interface CreditPack {
  readonly key: string;
  readonly name: string;
  readonly priceNanoUsd: NanoUsd;
  readonly creditNanoUsd: NanoUsd;
}

/** A plan whose calls are drawn from credit that was paid before. Beside its packs any amount buys as much credit. */
export interface Prepaid {
  readonly packs: readonly CreditPack[];
}

/** The counter of a balance: a customer's, or one of its agent's own. What test rails paid never buys a live call. */
export function creditNodeOf(ownerId: string, livemode: boolean): string {
  return `${PREFIX}${ownerId}:${livemode ? 'live' : 'test'}`;
}

/** Whether a counter is a balance of credit. */
export function isCreditNode(node: string): boolean {
  return node.startsWith(PREFIX);
}

const PREFIX = 'credit:';
