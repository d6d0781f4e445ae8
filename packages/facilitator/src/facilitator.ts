import { toNetworkName } from '@tollwright/protocols';
import { x402Facilitator } from '@x402/core/facilitator';
import { type FacilitatorEvmSigner, toFacilitatorEvmSigner } from '@x402/evm';
import { ExactEvmScheme } from '@x402/evm/exact/facilitator';
import { ExactEvmSchemeV1 } from '@x402/evm/exact/v1/facilitator';
import { UptoEvmScheme } from '@x402/evm/upto/facilitator';
import { encodeFunctionData, type Hex } from 'viem';
import { type LocalAccount, privateKeyToAccount } from 'viem/accounts';
import type { BroadcastBook } from './book.ts';
import { type BroadcastChain, Broadcaster } from './broadcaster.ts';
import { clientOf } from './node.ts';

export interface FacilitatorOptions {
  /** Where payments are settled. */
  readonly chains: readonly BroadcastChain[];
  /** Pays the gas. */
  readonly privateKey: Hex;
  readonly book: BroadcastBook;
  /** How long a settlement waits for its block before it is answered `settlement_pending`. Default 20,000. */
  readonly confirmationTimeoutMs?: number;
}

/** How much longer gas lasts on a network. */
export interface GasLeft {
  readonly network: string;
  readonly settlements: bigint;
}

type Payload = Parameters<x402Facilitator['settle']>[0];
type Requirements = Parameters<x402Facilitator['settle']>[1];

const confirmationTimeoutMsDefault = 20_000;
/** About what a transfer by authorization costs, with room: a permit through a proxy is the dearest. */
const gasPerSettlement = 150_000n;
/** With gas for fewer settlements nothing new is accepted. */
const settlementsMin = 3n;

/**
 * An x402 facilitator for who wants no other: `exact` (ERC-3009 and Permit2) and `upto` of version 2, `exact` of version 1.
 * Rules and calls are the reference implementation's; what is sent, kept and paid for is decided here.
 */
export class Facilitator {
  readonly #engine = new x402Facilitator().registerExtension({ key: 'eip2612GasSponsoring' });
  readonly #broadcasters = new Map<string, Broadcaster>();
  readonly #account: LocalAccount;
  readonly #empty = new Set<string>();

  constructor({ chains, privateKey, book, confirmationTimeoutMs = confirmationTimeoutMsDefault }: FacilitatorOptions) {
    this.#account = privateKeyToAccount(privateKey);
    for (const chain of chains) {
      const broadcaster = new Broadcaster(chain, this.#account, book);
      this.#broadcasters.set(chain.network, broadcaster);
      const network = chain.network as `${string}:${string}`;
      const signer = signerOf(chain, this.#account, broadcaster, confirmationTimeoutMs);
      this.#engine.register(network, new ExactEvmScheme(signer)).register(network, new UptoEvmScheme(signer));
      // The library's type asks for CAIP-2 in version 1, too; its own map of networks has these names.
      const nameOfV1 = toNetworkName(chain.network);
      if (nameOfV1 !== null) this.#engine.registerV1(nameOfV1 as `${string}:${string}`, new ExactEvmSchemeV1(signer));
    }
  }

  get address(): Hex {
    return this.#account.address;
  }

  /** What it settles now: nothing on networks where its gas has run out. */
  supported(): ReturnType<x402Facilitator['getSupported']> {
    const supported = this.#engine.getSupported();
    return { ...supported, kinds: supported.kinds.filter(({ network }) => !this.#empty.has(network)) };
  }

  verify(payload: Payload, requirements: Requirements): ReturnType<x402Facilitator['verify']> {
    return this.#engine.verify(payload, requirements);
  }

  /** The same payment again is answered by the transaction that it has, and never by a second one. */
  settle(payload: Payload, requirements: Requirements): ReturnType<x402Facilitator['settle']> {
    return this.#engine.settle(payload, requirements);
  }

  /** To be called every few seconds: sends what waits. Answers what still does, and what could not be asked, by network. */
  async carryOn(nowMs: number): Promise<ReadonlyMap<string, number | Error>> {
    const waiting = new Map<string, number | Error>();
    for (const [network, broadcaster] of this.#broadcasters) {
      waiting.set(network, await broadcaster.carryOn(nowMs).catch(asError));
    }
    return waiting;
  }

  /** To be called every minute: looks how long gas lasts. A network whose node is away keeps what was known of it. */
  async watchGas(): Promise<readonly GasLeft[]> {
    const left: GasLeft[] = [];
    for (const [network, broadcaster] of this.#broadcasters) {
      const settlements = await broadcaster.callsLeft(gasPerSettlement).catch(() => null);
      if (settlements === null) continue;
      left.push({ network, settlements });
      if (settlements < settlementsMin) this.#empty.add(network);
      else this.#empty.delete(network);
    }
    return left;
  }
}

function signerOf(
  chain: BroadcastChain,
  account: LocalAccount,
  broadcaster: Broadcaster,
  confirmationTimeoutMs: number,
): FacilitatorEvmSigner {
  const client = clientOf(chain.ask);
  return toFacilitatorEvmSigner(
    {
      address: account.address,
      // As whoever sends it will: a permit under a ceiling names its facilitator, and simulates for nobody else.
      readContract: (call) => client.readContract({ ...call, account: account.address, args: call.args ?? [] }),
      verifyTypedData: (typed) => client.verifyTypedData(typed as Parameters<typeof client.verifyTypedData>[0]),
      writeContract: ({ address, abi, functionName, args }) =>
        broadcaster.send(address, encodeFunctionData({ abi, functionName, args })),
      sendTransaction: ({ to, data }) => broadcaster.send(to, data),
      waitForTransactionReceipt: ({ hash, timeout }) => broadcaster.receiptOf(hash, timeout ?? confirmationTimeoutMs),
      getCode: (place) => client.getCode(place),
    },
    { confirmationTimeoutMs },
  );
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
