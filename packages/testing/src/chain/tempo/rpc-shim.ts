import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Hex } from 'ox/Hex';
import { type Rpc, rpcAt } from '../rpc.ts';
import {
  allowanceSlot,
  type Call,
  CHANNEL_RESERVE_ADDRESS,
  type Deposit,
  depositsOf,
  openingSlot,
  readTempoTransaction,
} from './channel-reserve.ts';

type RpcRequest = { readonly method?: string; readonly params?: readonly unknown[] };
type CallRequest = Call & { readonly from?: Hex; readonly input?: Hex; readonly calls?: readonly Call[] };

const unlimited: Hex = `0x${'f'.repeat(64)}`;
const bodyBytesMax = 4 * 1024 * 1024;
/** A transaction may be valid for 30 s after the newest block, and clients sign for 25 s from now. */
const freshForMs = 2_000;
const needFreshBlock = new Set([
  'eth_call',
  'eth_estimateGas',
  'eth_fillTransaction',
  'eth_sendTransaction',
  'eth_sendRawTransaction',
  'eth_sendRawTransactionSync',
]);

/** What listens on 127.0.0.1 in the node's place. */
export interface RpcShim {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Stands before anvil and does what its Tempo cannot yet: before a call that deposits into the channel reserve is passed
 * on, the reserve gets the transaction's hash and the payer's allowance, and before any call the newest block is made
 * to be seconds old at most, so that none has to be mined while nobody asks. All else passes unchanged.
 */
export async function startRpcShim(port: number, anvilUrl: string): Promise<RpcShim> {
  const preparation = new Preparation(rpcAt(anvilUrl));
  const server = createServer((request, response) => {
    pass(preparation, anvilUrl, request, response).catch((error: unknown) => {
      reply(response, 502, JSON.stringify({ error: error instanceof Error ? error.message : String(error) }));
    });
  });
  // Clients end their connections themselves: one that we end may be carrying a request just then.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function pass(
  preparation: Preparation,
  anvilUrl: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.method !== 'POST') return reply(response, 405, JSON.stringify({ error: 'POST only' }));
  const body = await read(request);
  const parsed = JSON.parse(body) as RpcRequest | RpcRequest[];
  for (const one of [parsed].flat()) await preparation.before(one);
  const answer = await fetch(anvilUrl, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  reply(response, answer.status, await answer.text());
}

class Preparation {
  readonly #rpc: Rpc;
  readonly #allowed = new Set<string>();
  #mining: Promise<unknown> = Promise.resolve();
  #minedAtMs = 0;

  constructor(rpc: Rpc) {
    this.#rpc = rpc;
  }

  /** Resolves when the request may be passed on. */
  async before({ method, params }: RpcRequest): Promise<void> {
    if (method === undefined || !needFreshBlock.has(method)) return;
    await this.#freshBlock();
    const [subject] = params ?? [];
    if (typeof subject === 'string') return this.#signed(subject as Hex);
    if (typeof subject === 'object' && subject !== null) await this.#unsigned(subject as CallRequest);
  }

  async #freshBlock(): Promise<void> {
    if (Date.now() - this.#minedAtMs >= freshForMs) {
      this.#minedAtMs = Date.now();
      this.#mining = this.#rpc('evm_mine', []);
    }
    await this.#mining;
  }

  async #signed(raw: Hex): Promise<void> {
    const transaction = readTempoTransaction(raw);
    if (transaction === null) return;
    const deposits = depositsOf(transaction.calls);
    await this.#allow(transaction.sender, deposits);
    for (const { salt } of deposits) {
      if (salt !== null)
        await this.#store(CHANNEL_RESERVE_ADDRESS, openingSlot(transaction.sender, salt), transaction.hash);
    }
  }

  async #unsigned({ from, to, data, input, calls }: CallRequest): Promise<void> {
    if (from === undefined) return;
    const all = [...(calls ?? []), { to, data }].map((call) => ({
      ...call,
      data: call.data ?? inputOf(call) ?? input,
    }));
    await this.#allow(from, depositsOf(all));
  }

  async #allow(payer: Hex, deposits: readonly Deposit[]): Promise<void> {
    for (const { token } of deposits) {
      const key = `${payer} ${token}`.toLowerCase();
      if (this.#allowed.has(key)) continue;
      await this.#store(token, allowanceSlot(payer), unlimited);
      this.#allowed.add(key);
    }
  }

  #store(address: Hex, slot: Hex, value: Hex): Promise<unknown> {
    return this.#rpc('anvil_setStorageAt', [address, slot, value]);
  }
}

function inputOf(call: Call): Hex | undefined {
  return (call as { input?: Hex }).input;
}

async function read(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request) {
    parts.push(part as Buffer);
    bytes += (part as Buffer).length;
    if (bytes > bodyBytesMax) throw new Error('the body is too large');
  }
  return Buffer.concat(parts).toString('utf8');
}

function reply(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(body);
}
