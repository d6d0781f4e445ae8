import { PATH_USD_ADDRESS, queryOnce } from '@tollwright/testing';
import { createPublicClient, http, parseAbiItem } from 'viem';
import type { Stage } from '../stage.ts';
import { PRICE_ATOMIC, PRICE_CENTS, type Rails } from './every-rail.ts';
import { askStripe, type SignedCall } from './payer.ts';

/** How often a payer was debited for the provider, and how often money went back, with what came to. */
export interface Moved {
  debits: number;
  returns: number;
  debitedAtomic: bigint;
  returnedAtomic: bigint;
  /** What debited: hashes of transactions, ids at Stripe. */
  readonly transactions: string[];
}

/** What chains and Stripe say of payments, by the payer's account, its nonce or the id of the challenge. */
export type Outside = (call: SignedCall) => Moved;

interface Movement {
  readonly from: string;
  readonly to: string;
  readonly amountAtomic: bigint;
  readonly transaction: string;
}

const TRANSFER = parseAbiItem('event Transfer(address indexed from, address indexed to, uint256 value)');
const USED = parseAbiItem('event AuthorizationUsed(address indexed authorizer, bytes32 indexed nonce)');
const ATOMIC_PER_CENT = PRICE_ATOMIC / PRICE_CENTS;

/** An amount as its rail's record has it, in the unit of the tokens: cards are charged in cents. */
export function atomicOf({ rail, amount }: { readonly rail: string; readonly amount: string }): bigint {
  return BigInt(amount) * (rail === 'stripe' ? ATOMIC_PER_CENT : 1n);
}

/** Everything that ever moved, by whom it moved. */
class Movements {
  readonly #moved = new Map<string, Moved>();
  readonly #rails: Rails;

  constructor(rails: Rails) {
    this.#rails = rails;
  }

  of(key: string): Moved {
    const known = this.#moved.get(key) ?? {
      ...{ debits: 0, returns: 0, debitedAtomic: 0n, returnedAtomic: 0n, transactions: [] },
    };
    this.#moved.set(key, known);
    return known;
  }

  /** `nonce`: which of its payer's payments it is, where that is known. */
  note({ from, to, amountAtomic, transaction }: Movement, nonce: string | null = null): void {
    const [debitFrom, returnTo] = [from.toLowerCase(), to.toLowerCase()];
    const isDebit = returnTo === this.#rails.payTo.toLowerCase();
    const isReturn = debitFrom === this.#rails.refundFrom.toLowerCase();
    if (isDebit) for (const key of [debitFrom, nonce]) if (key !== null) this.debit(key, amountAtomic, transaction);
    if (isReturn) for (const key of [returnTo, nonce]) if (key !== null) this.giveBack(key, amountAtomic);
  }

  debit(key: string, amountAtomic: bigint, transaction: string): void {
    const moved = this.of(key);
    moved.debits += 1;
    moved.debitedAtomic += amountAtomic;
    moved.transactions.push(transaction.toLowerCase());
  }

  giveBack(key: string, amountAtomic: bigint): void {
    const moved = this.of(key);
    moved.returns += 1;
    moved.returnedAtomic += amountAtomic;
  }
}

/** Reads everything that ever moved. */
export async function readOutside(stage: Stage): Promise<Outside> {
  const rails = stage.rails as Rails;
  const movements = new Movements(rails);
  const nonces = await readNonces(stage, rails);
  for (const { from, to, amountAtomic, transactionHash } of await rails.chain.transfers()) {
    if (/^0x0{40}$/.test(from)) continue;
    const nonce = nonces.get(transactionHash.toLowerCase()) ?? null;
    movements.note({ from, to, amountAtomic, transaction: transactionHash }, nonce);
  }
  const client = createPublicClient({ transport: http(rails.tempo.rpcUrl) });
  const logs = await client.getLogs({ address: PATH_USD_ADDRESS, event: TRANSFER, fromBlock: 0n, strict: true });
  // Fees are moved by the same token, in other amounts, to other accounts.
  for (const { args, transactionHash: transaction } of logs) {
    if (args.value === PRICE_ATOMIC) movements.note({ ...args, amountAtomic: args.value, transaction });
  }
  await readStripe(rails, movements);
  return ({ rail, payer, challengeId, nonce }) => movements.of(rail === 'stripe' ? challengeId : (nonce ?? payer));
}

/** Whose nonce a transaction used, by the token; of a return no chain tells, and the record of the refund does. */
async function readNonces({ database }: Stage, { chain }: Rails): Promise<ReadonlyMap<string, string>> {
  const client = createPublicClient({ transport: http(chain.rpcUrl) });
  const used = await client.getLogs({ address: chain.usdc, event: USED, fromBlock: 0n, strict: true });
  const returned = await queryOnce<{ transaction: string; nonce: string }>(
    database.url,
    `SELECT r.transaction_hash AS transaction, p.nonce FROM refund r JOIN payment p ON p.id = r.payment_id
     WHERE r.transaction_hash IS NOT NULL`,
  );
  return new Map([
    ...used.map(({ transactionHash, args }) => [transactionHash.toLowerCase(), args.nonce.toLowerCase()] as const),
    ...returned.map(({ transaction, nonce }) => [transaction.toLowerCase(), nonce.toLowerCase()] as const),
  ]);
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

async function readStripe(rails: Rails, movements: Movements): Promise<void> {
  const intents = (await allOf(rails, '/v1/payment_intents')).filter(({ status }) => status === 'succeeded');
  const challenges = new Map(intents.map(({ id, metadata }) => [id, metadata.mpp_challenge_id ?? '']));
  const atomic = (cents: number) => BigInt(cents) * ATOMIC_PER_CENT;
  for (const { id, amount } of intents) movements.debit(challenges.get(id) ?? '', atomic(amount), id);
  for (const refund of await allOf(rails, '/v1/refunds')) {
    const challenge = challenges.get(refund.payment_intent ?? '') ?? '';
    if (refund.status === 'succeeded') movements.giveBack(challenge, atomic(refund.amount));
  }
}

/** All objects of a list at Stripe. */
export async function allOf(rails: Pick<Rails, 'stripe'>, path: string): Promise<Listed['data'][number][]> {
  const found: Listed['data'][number][] = [];
  for (;;) {
    const after = found.length === 0 ? '' : `&starting_after=${found.at(-1)?.id}`;
    const { data } = (await askStripe(rails, `${path}?limit=100${after}`)) as unknown as Listed;
    found.push(...data);
    if (data.length < 100) return found;
  }
}
