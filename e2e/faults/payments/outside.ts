import { PATH_USD_ADDRESS } from '@tollwright/testing';
import { createPublicClient, http, parseAbiItem } from 'viem';
import { PRICE_ATOMIC, PRICE_CENTS, type Rails } from './every-rail.ts';
import { askStripe, type SignedCall } from './payer.ts';

/** How often a payer was debited for the provider, and how often the whole price went back. */
export interface Moved {
  debits: number;
  returns: number;
}

/** What chains and Stripe say of payments, by the payer's account or the id of the challenge. */
export type Outside = (call: SignedCall) => Moved;

const TRANSFER = parseAbiItem('event Transfer(address indexed from, address indexed to, uint256 value)');

/** Reads everything that ever moved. Throws for an amount that nobody asked for. */
export async function readOutside(rails: Rails): Promise<Outside> {
  const moved = new Map<string, Moved>();
  const of = (key: string) => {
    const known = moved.get(key) ?? { debits: 0, returns: 0 };
    moved.set(key, known);
    return known;
  };
  const note = (from: string, to: string, amount: bigint) => {
    const isDebit = to.toLowerCase() === rails.payTo.toLowerCase();
    const isReturn = from.toLowerCase() === rails.refundFrom.toLowerCase();
    if (!isDebit && !isReturn) return;
    if (amount !== PRICE_ATOMIC) throw new Error(`${amount} moved from ${from} to ${to}`);
    if (isDebit) of(from.toLowerCase()).debits++;
    else of(to.toLowerCase()).returns++;
  };
  for (const { from, to, amountAtomic } of await rails.chain.transfers()) {
    if (!/^0x0{40}$/.test(from)) note(from, to, amountAtomic);
  }
  const client = createPublicClient({ transport: http(rails.tempo.rpcUrl) });
  const logs = await client.getLogs({ address: PATH_USD_ADDRESS, event: TRANSFER, fromBlock: 0n, strict: true });
  // Fees are moved by the same token, in other amounts, to other accounts.
  for (const { args } of logs) if (args.value === PRICE_ATOMIC) note(args.from, args.to, args.value);
  await readStripe(rails, of);
  return ({ rail, payer, challengeId }) => of(rail === 'stripe' ? challengeId : payer);
}

interface Listed {
  readonly data: readonly {
    readonly id: string;
    readonly status: string;
    readonly amount: number;
    readonly payment_intent?: string;
    readonly metadata: Readonly<Record<string, string>>;
  }[];
}

async function readStripe(rails: Rails, of: (key: string) => Moved): Promise<void> {
  const intents = (await allOf(rails, '/v1/payment_intents')).filter(({ status }) => status === 'succeeded');
  const challenges = new Map(intents.map(({ id, metadata }) => [id, metadata.mpp_challenge_id ?? '']));
  const expected = Number(PRICE_CENTS);
  for (const { id, amount } of intents) {
    if (amount !== expected) throw new Error(`${id} is about ${amount} cents`);
    of(challenges.get(id) ?? '').debits++;
  }
  for (const refund of await allOf(rails, '/v1/refunds')) {
    if (refund.amount !== expected) throw new Error(`${refund.id} is about ${refund.amount} cents`);
    if (refund.status === 'succeeded') of(challenges.get(refund.payment_intent ?? '') ?? '').returns++;
  }
}

async function allOf(rails: Rails, path: string): Promise<Listed['data'][number][]> {
  const found: Listed['data'][number][] = [];
  for (;;) {
    const after = found.length === 0 ? '' : `&starting_after=${found.at(-1)?.id}`;
    const { data } = (await askStripe(rails, `${path}?limit=100${after}`)) as unknown as Listed;
    found.push(...data);
    if (data.length < 100) return found;
  }
}
