import { askStripe, localNetwork, openLedger, openTempoLedger } from '@tollwright/testing';
import type { Hex } from 'viem';
import { query } from './database.ts';
import { readLocal } from './local.ts';
import { done, openManagement } from './management.ts';

/** The demo's account at the double of Stripe. */
export const STRIPE_KEY = 'sk_live_double_of_the_demo';

/** Where money arrives, as those say who move it. */
export interface Account {
  readonly network: string;
  /** In the unit of what is paid with. */
  received(): Promise<bigint>;
}

export function onChain(index: 0 | 1): Account & { readonly chainId: number } {
  const chain = readLocal().chains[index];
  if (chain === undefined) throw new Error(`the product runs no chain ${index}`);
  const { rpcUrl, chainId, network, payTo } = chain;
  return { chainId, network, received: () => openLedger(rpcUrl, localNetwork(chainId)).balanceOf(payTo as Hex) };
}

export function onTempo(): Account {
  const { rpcUrl, chainId, payTo } = readLocal().tempo;
  return { network: `eip155:${chainId}`, received: () => openTempoLedger(rpcUrl).balanceOf(payTo as Hex) };
}

export function atStripe(): Account {
  const account = { url: readLocal().stripeDoubleUrl, secretKey: STRIPE_KEY };
  const received = async () => {
    let sum = 0n;
    for (let after = ''; ; ) {
      const page = (await askStripe(account, `/v1/payment_intents?limit=100${after}`)) as unknown as Intents;
      for (const { amount_received } of page.data) sum += BigInt(amount_received);
      if (!page.has_more) return sum;
      after = `&starting_after=${page.data.at(-1)?.id ?? ''}`;
    }
  };
  return { network: 'stripe', received };
}

interface Intents {
  readonly data: readonly { readonly id: string; readonly amount_received: number }[];
  readonly has_more: boolean;
}

/** Balances of the ledger, by kind of account; nano-dollars. What arrived on a rail is above zero, what was earned below. */
export type Books = Readonly<Record<string, bigint>>;

/** The demo provider's ledger, as its postings add up. */
export async function readBooks(): Promise<Books> {
  const { id } = await done(openManagement().GET('/provider'));
  const rows = await query<{ kind: string; balance: string }>(
    `SELECT a.kind::text AS kind, sum(p.amount_nano_usd)::text AS balance FROM ledger_account a
     JOIN ledger_posting p ON p.provider_id = a.provider_id AND p.account_id = a.id
     WHERE a.provider_id = $1 AND a.livemode GROUP BY a.kind`,
    [id],
  );
  return Object.fromEntries(rows.map(({ kind, balance }) => [kind, BigInt(balance)]));
}

/** What moved in the ledger, by kind of account; those that did not are left out. */
export function movedBetween(before: Books, after: Books): Books {
  const kinds = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  const moved = kinds.map((kind) => [kind, (after[kind] ?? 0n) - (before[kind] ?? 0n)] as const);
  return Object.fromEntries(moved.filter(([, amount]) => amount !== 0n));
}

/** What chains and Stripe hold for the demo's provider, and what they will once channels are settled; nano-dollars. */
export async function readHoldings(): Promise<{
  readonly evm: bigint;
  readonly tempo: bigint;
  readonly stripe: bigint;
}> {
  const [first, second, tempo, cents] = await Promise.all([
    ...[onChain(0).received(), onChain(1).received(), onTempo().received(), atStripe().received()],
  ]);
  return {
    evm: ((first ?? 0n) + (second ?? 0n)) * NANO_PER_ATOMIC,
    tempo: ((tempo ?? 0n) + (await unsettled())) * NANO_PER_ATOMIC,
    stripe: (cents ?? 0n) * NANO_PER_CENT,
  };
}

/** The local tokens have six decimals. */
const NANO_PER_ATOMIC = 1_000n;
const NANO_PER_CENT = 10_000_000n;

/** What was spent of channels and is not on the chain yet, in units of the token. */
async function unsettled(): Promise<bigint> {
  const rows = await query<{ sum: string }>(
    'SELECT coalesce(sum(greatest(spent_atomic - settled_atomic, 0)), 0)::text AS sum FROM payment_channel WHERE pay_to = $1',
    [readLocal().tempo.payTo.toLowerCase()],
  );
  return BigInt(rows[0]?.sum ?? 0);
}
