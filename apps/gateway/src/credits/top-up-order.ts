import {
  formatUsd,
  NANO_USD_MAX,
  NANO_USD_PER_USD,
  type NanoUsd,
  nanoUsd,
  type Prepaid,
  type Problem,
  parseUsd,
} from '@tollwright/core';

/** What is bought: credit for a price, for the key's agent alone or for its customer. */
export interface TopUpOrder {
  readonly priceNanoUsd: NanoUsd;
  readonly creditNanoUsd: NanoUsd;
  readonly forAgent: boolean;
}

export type ReadOrder =
  | { readonly kind: 'order'; readonly order: TopUpOrder }
  | { readonly kind: 'refused'; readonly problem: Problem };

/** The balance that a key draws on: whose it is, and what it has had so far. */
export interface OwnBalance {
  readonly owner: 'customer' | 'agent';
  readonly paidInNanoUsd: bigint;
}

const PRICE_MAX = nanoUsd(100_000n * NANO_USD_PER_USD);

/**
 * Reads what a query orders: `amount` in dollars buys as much credit, `pack` what the plan gives for its price. It is for the
 * balance that the key draws on, unless `for` says whose.
 */
export function readOrder(query: string, prepaid: Prepaid, own: OwnBalance): ReadOrder {
  const asked = new URLSearchParams(query);
  const [amount, pack, owner] = [asked.get('amount'), asked.get('pack'), asked.get('for') ?? own.owner];
  if (owner !== 'customer' && owner !== 'agent') return refused('for', 'must be customer or agent');
  if ((amount === null) === (pack === null)) return refused('amount', 'send either an amount in USD or a pack');
  const bought = pack === null ? amountOf(amount ?? '') : prepaid.packs.find(({ key }) => key === pack);
  if (bought === undefined) return refused('pack', `the plan has no pack ${pack ?? ''}`);
  if (bought === null)
    return refused('amount', `must be above 0 and at most ${formatUsd(PRICE_MAX)} USD, with at most 9 decimals`);
  const { priceNanoUsd, creditNanoUsd } = bought;
  if (own.paidInNanoUsd + creditNanoUsd > NANO_USD_MAX)
    return refused('amount', 'is more than a balance can ever be paid');
  return { kind: 'order', order: { priceNanoUsd, creditNanoUsd, forAgent: owner === 'agent' } };
}

function amountOf(text: string): Pick<TopUpOrder, 'priceNanoUsd' | 'creditNanoUsd'> | null {
  if (!/^\d{1,6}(\.\d{1,9})?$/.test(text)) return null;
  const priceNanoUsd = parseUsd(text);
  return priceNanoUsd <= 0n || priceNanoUsd > PRICE_MAX ? null : { priceNanoUsd, creditNanoUsd: priceNanoUsd };
}

function refused(path: string, message: string): ReadOrder {
  const detail = `The query cannot be bought: ${path} ${message}.`;
  return { kind: 'refused', problem: { slug: 'invalid-input', detail, members: { errors: [{ path, message }] } } };
}
