import type { PaymentRecord } from '@tollwright/contracts';
import { chainIdOf } from '@tollwright/protocols';
import type { Resolution } from '../rail.ts';
import { authorizationUse } from './authorization-use.ts';
import { type ChainNode, callNode, quantity, textMember } from './json-rpc.ts';
import { permitUse } from './permit-use.ts';

/** What identifies a payment on its chain. A PaymentRecord has all of it. Blocks older than `occurredAt` are not searched. */
export type PaymentOnChain = Pick<
  PaymentRecord,
  'network' | 'asset' | 'payer' | 'payTo' | 'nonce' | 'amountAtomic' | 'validBefore' | 'occurredAt' | 'details'
>;

/** How the chain is read. */
export type ResolveOptions = ChainNode & {
  /** Blocks asked for in one call. Default 5,000. */
  readonly logBlocksMax?: number;
  /** Blocks that must stand on a settlement or an expiry, counting its own. Default 1. */
  readonly confirmationsMin?: number;
};

/** What the contract that checked the payer's words tells of their use. All reject where the node does not answer. */
export type ChainUse = {
  /** Whether the payer's nonce was used by the end of a block. */
  isUsed(node: ChainNode, payment: PaymentOnChain, block: bigint): Promise<boolean>;
  /** By what it was used, as the logs of these blocks tell; null: they tell nothing. */
  findBetween(node: ChainNode, payment: PaymentOnChain, from: bigint, to: bigint): Promise<Resolution | null>;
  /** What to think of a used nonce when the logs from block `from` to `to` tell nothing. */
  withoutLog(node: ChainNode, payment: PaymentOnChain, from: bigint, to: bigint): Promise<Resolution>;
};

const searchSlackSeconds = 120;

/**
 * Finds how an uncertain settlement ended: whether the payer's nonce was used, and in which transaction, whoever sent it.
 * Certain failure needs the end of the signed words on the chain's own clock. Never throws.
 */
export async function resolveFromChain(options: ResolveOptions, payment: PaymentOnChain): Promise<Resolution> {
  try {
    return await resolve(options, payment);
  } catch (error) {
    return { kind: 'unavailable', reason: error instanceof Error ? error.message : String(error) };
  }
}

async function resolve(options: ResolveOptions, payment: PaymentOnChain): Promise<Resolution> {
  const chainId = BigInt(String(await callNode(options, 'eth_chainId', [])));
  if (chainId !== chainIdOf(payment.network)) {
    return { kind: 'unavailable', reason: `the node serves chain ${chainId}, not ${payment.network}` };
  }
  const tip = BigInt(String(await callNode(options, 'eth_blockNumber', [])));
  const deep = BigInt(Math.max(0, (options.confirmationsMin ?? 1) - 1));
  const head = tip > deep ? tip - deep : 0n;
  const use = payment.details.transferMethod === 'permit2' ? permitUse : authorizationUse;
  if (await use.isUsed(options, payment, head)) return await findUse(use, options, payment, head);
  const endSeconds = BigInt(Math.floor(Date.parse(payment.validBefore) / 1_000));
  if ((await timestampOf(options, head)) >= endSeconds)
    return { kind: 'failed', reason: 'authorization_expired_unused' };
  return { kind: 'open' };
}

async function findUse(
  use: ChainUse,
  options: ResolveOptions,
  payment: PaymentOnChain,
  head: bigint,
): Promise<Resolution> {
  const span = BigInt(options.logBlocksMax ?? 5_000);
  const floorSeconds = BigInt(Math.floor(Date.parse(payment.occurredAt) / 1_000) - searchSlackSeconds);
  for (let to = head; ; to -= span) {
    const from = to >= span ? to - span + 1n : 0n;
    const found = await use.findBetween(options, payment, from, to);
    if (found !== null) return found;
    if (from === 0n || (await timestampOf(options, from)) < floorSeconds) {
      return use.withoutLog(options, payment, from, head);
    }
  }
}

async function timestampOf(node: ChainNode, block: bigint): Promise<bigint> {
  return BigInt(textMember(await callNode(node, 'eth_getBlockByNumber', [quantity(block), false]), 'timestamp'));
}
