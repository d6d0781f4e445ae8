import { contractSignatureCall, goodSignatureAnswer } from '@tollwright/protocols';
import type { Verification } from '../rail.ts';
import { refusalsOf } from './check-refusal.ts';
import type { ChainNodes } from './desk.ts';
import { type ChainNode, callNode, NodeRefused } from './json-rpc.ts';
import type { X402Payment } from './payment.ts';
import { signedDigest } from './signed-transfer.ts';

/** So many signatures of contracts are verified at the same time: each needs a chain, and anybody can write one. */
const runningMax = 16;
const timeoutMs = 5_000;
const noNodes: ChainNodes = { rpcUrls: new Map(), fetch: () => Promise.reject(new Error('no nodes')) };

/** Payers that are contracts: only their code on the chain says whether they signed. Source: ERC-1271. */
export class ContractPayers {
  readonly #nodes: ChainNodes;
  #running = 0;

  constructor(nodes: ChainNodes = noNodes) {
    this.#nodes = nodes;
  }

  /** Whether a node of this network is known, so that a signature of 65 bytes may be a contract's too. */
  knows(network: string): boolean {
    return this.#nodes.rpcUrls.has(network);
  }

  /**
   * Has the payer's code judge a signature that the local check could not, then goes on with `next`, the facilitator's verdict.
   * Where no node is known that verdict alone counts: facilitators ask the chain.
   */
  async verify(payment: X402Payment, next: () => Promise<Verification>): Promise<Verification> {
    if (payment.signedBy === 'key') return next();
    return this.#inTurn(async () => {
      const verdict = this.knows(payment.offer.network) ? await this.#ask(saidOf(payment)) : VALID;
      return verdict.kind === 'valid' ? next() : verdict;
    });
  }

  /** The same for what an account is said to have signed. Without a node of its network nobody can say, so it did not. */
  async verifySaid(said: ContractSaid): Promise<Verification> {
    if (!this.knows(said.network)) return { kind: 'invalid', reason: said.refusal };
    return this.#inTurn(() => this.#ask(said));
  }

  async #inTurn(verify: () => Promise<Verification>): Promise<Verification> {
    if (this.#running >= runningMax) return { kind: 'unavailable', reason: 'too many signatures of contracts at once' };
    this.#running += 1;
    try {
      return await verify();
    } finally {
      this.#running -= 1;
    }
  }

  async #ask(said: ContractSaid): Promise<Verification> {
    const { rpcUrls, fetch } = this.#nodes;
    try {
      return await askContract({ rpcUrl: rpcUrls.get(said.network) ?? '', fetch, timeoutMs }, said);
    } catch (error) {
      return { kind: 'unavailable', reason: error instanceof Error ? error.message : String(error) };
    }
  }
}

const VALID: Verification = { kind: 'valid' };

/** What an account is said to have signed; `refusal` is the reason where there is no contract, `digest` null where there is nothing. */
export type ContractSaid = {
  readonly network: string;
  readonly address: string;
  readonly digest: Uint8Array | null;
  readonly signature: string;
  readonly refusal: string;
};

function saidOf({ payer, payload, offer }: X402Payment): ContractSaid {
  return {
    network: offer.network,
    address: payer,
    digest: signedDigest(payload, offer),
    signature: payload.payload.signature,
    refusal: refusalsOf(offer.transferMethod).signature,
  };
}

async function askContract(
  node: ChainNode,
  { address, digest, signature, refusal }: ContractSaid,
): Promise<Verification> {
  const code = await callNode(node, 'eth_getCode', [address, 'latest']);
  if (digest === null || code === '0x') return { kind: 'invalid', reason: refusal };
  const data = contractSignatureCall(digest, signature);
  const answer = await callNode(node, 'eth_call', [{ to: address, data }, 'latest']).catch((error: unknown) => {
    if (error instanceof NodeRefused) return null;
    throw error;
  });
  const isGood = typeof answer === 'string' && answer.toLowerCase() === goodSignatureAnswer.padEnd(66, '0');
  return isGood ? { kind: 'valid' } : { kind: 'invalid', reason: 'invalid_contract_signature' };
}
