import { setTimeout as sleep } from 'node:timers/promises';
import { concatHex, type Hex, keccak256, parseTransaction } from 'viem';
import type { LocalAccount } from 'viem/accounts';
import type { Broadcast, BroadcastBook, SignedTransaction } from './book.ts';
import type { AskNode } from './node.ts';

/** One chain, and who pays the gas of what is sent to it. */
export interface BroadcastChain {
  /** CAIP-2. */
  readonly network: string;
  readonly chainId: number;
  readonly ask: AskNode;
}

/** What nodes say of a transaction that they have already, or whose nonce is behind them. */
const knownAlready = /already known|nonce too low|already imported|known transaction/i;
/** A transaction that waits longer is sent again, dearer. */
const dearerAfterMs = 45_000;
/** Nodes take another transaction of a nonce from a tenth more on. */
const dearerBy = { times: 5n, over: 4n };
const pollMs = 100;

/** Sends transactions of one account to one chain: each is kept in the book first, and sent until a block has it. */
export class Broadcaster {
  readonly #chain: BroadcastChain;
  readonly #account: LocalAccount;
  readonly #book: BroadcastBook;

  constructor(chain: BroadcastChain, account: LocalAccount, book: BroadcastBook) {
    this.#chain = chain;
    this.#account = account;
    this.#book = book;
  }

  /**
   * Sends a call and answers its transaction's hash; the same call again answers the same. Rejects before anything is kept where
   * the call would revert or the node is away. Once it is kept it counts as sent: who is told its hash waits for a block.
   */
  async send(to: Hex, data: Hex): Promise<Hex> {
    const { network, ask } = this.#chain;
    const sender = this.#account.address.toLowerCase() as Hex;
    const callHash = keccak256(concatHex([to, data]));
    const known = await this.#book.find(network, callHash);
    if (known !== null) return known.transaction;
    const [count, gas, price] = await Promise.all([
      ask('eth_getTransactionCount', [sender, 'pending']),
      ask('eth_estimateGas', [{ from: sender, to, data }]),
      ask('eth_gasPrice', []),
    ]);
    const fees = feesOf(BigInt(String(price)));
    const call = { to, data, gas: (BigInt(String(gas)) * 12n) / 10n };
    const kept = await this.#book.keep({ network, sender, callHash }, BigInt(String(count)), (nonce) =>
      this.#sign({ ...call, ...fees, nonce: Number(nonce) }),
    );
    // The book has it: where the node is away now, `carryOn` sends it.
    await this.#offer(kept).catch(() => {});
    return kept.transaction;
  }

  /** The receipt of a transaction that was sent. Rejects when none came in time, which says nothing of what will come. */
  async receiptOf(transaction: Hex, timeoutMs: number): Promise<{ status: 'success' | 'reverted' }> {
    for (const deadline = performance.now() + timeoutMs; performance.now() < deadline; await sleep(pollMs)) {
      const status = await this.#statusOf(transaction).catch(() => null);
      if (status !== null) return { status };
    }
    throw new Error(`no block has ${transaction} yet`);
  }

  /** Sends all that wait once more, the oldest dearer, and ends those that a block has. Answers how many still wait. */
  async carryOn(nowMs: number): Promise<number> {
    let waiting = 0;
    for (const broadcast of await this.#book.underWay(this.#chain.network)) {
      if (await this.#endIfMined(broadcast)) continue;
      waiting += 1;
      if (nowMs - broadcast.signedAtMs < dearerAfterMs) await this.#offer(broadcast);
      else await this.#offerDearer(broadcast);
    }
    return waiting;
  }

  /** How many settlements the account could still pay for, at today's price, each of so much gas. */
  async callsLeft(gasPerCall: bigint): Promise<bigint> {
    const { ask } = this.#chain;
    const [balance, price] = await Promise.all([
      ask('eth_getBalance', [this.#account.address, 'latest']),
      ask('eth_gasPrice', []),
    ]);
    const cost = BigInt(String(price)) * gasPerCall;
    return cost === 0n ? BigInt(Number.MAX_SAFE_INTEGER) : BigInt(String(balance)) / cost;
  }

  async #sign(call: Call): Promise<SignedTransaction> {
    const { chainId } = this.#chain;
    const raw = await this.#account.signTransaction({ type: 'eip1559', chainId, ...call });
    return { raw, transaction: keccak256(raw) };
  }

  async #offer({ raw }: SignedTransaction): Promise<void> {
    await this.#chain.ask('eth_sendRawTransaction', [raw]).catch((error: unknown) => {
      if (!(error instanceof Error) || !knownAlready.test(error.message)) throw error;
    });
  }

  async #offerDearer(broadcast: Broadcast): Promise<void> {
    const { to, data, gas, nonce, maxFeePerGas = 0n, maxPriorityFeePerGas = 0n } = parseTransaction(broadcast.raw);
    if (!to || !data || gas === undefined || nonce === undefined)
      throw new Error('the book has a transaction without a call');
    const today = feesOf(BigInt(String(await this.#chain.ask('eth_gasPrice', []))));
    const next = await this.#sign({
      ...{ to, data, gas, nonce },
      maxFeePerGas: larger(today.maxFeePerGas, dearer(maxFeePerGas)),
      maxPriorityFeePerGas: larger(today.maxPriorityFeePerGas, dearer(maxPriorityFeePerGas)),
    });
    if (await this.#book.replace(broadcast, next)) await this.#offer(next);
  }

  async #endIfMined(broadcast: Broadcast): Promise<boolean> {
    for (const transaction of [broadcast.transaction, ...broadcast.earlier]) {
      const status = await this.#statusOf(transaction);
      if (status === null) continue;
      await this.#book.end(broadcast, status === 'success' ? 'mined' : 'reverted');
      return true;
    }
    return false;
  }

  async #statusOf(transaction: Hex): Promise<'success' | 'reverted' | null> {
    const receipt = (await this.#chain.ask('eth_getTransactionReceipt', [transaction])) as { status?: unknown } | null;
    if (receipt === null || receipt === undefined) return null;
    return BigInt(String(receipt.status)) === 1n ? 'success' : 'reverted';
  }
}

type Fees = { readonly maxFeePerGas: bigint; readonly maxPriorityFeePerGas: bigint };
type Call = Fees & { readonly to: Hex; readonly data: Hex; readonly gas: bigint; readonly nonce: number };

/** Room for a price that rises before the next block: what is not needed is not paid. */
function feesOf(price: bigint): Fees {
  return { maxFeePerGas: price * 3n, maxPriorityFeePerGas: price > 10n ? price / 10n : 1n };
}

function dearer(fee: bigint): bigint {
  return (fee * dearerBy.times) / dearerBy.over + 1n;
}

function larger(one: bigint, other: bigint): bigint {
  return one > other ? one : other;
}
