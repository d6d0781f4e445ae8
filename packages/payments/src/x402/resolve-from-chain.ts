import type { PaymentRecord } from '@tollwright/contracts';
import { chainIdOf, sameHex } from '@tollwright/protocols';
import { type ChainNode, callNode, listOf, quantity, textMember } from './json-rpc.ts';

/** What identifies a payment on its chain. A PaymentRecord has all of it. */
export type PaymentOnChain = Pick<
  PaymentRecord,
  'network' | 'asset' | 'payer' | 'payTo' | 'nonce' | 'amountAtomic' | 'validBefore'
> & {
  /** When the payment was claimed, ISO 8601: older blocks are not searched. */
  readonly claimedAt: string;
};

/** What the chain says. `open`: not used yet, and usable until `validBefore`; ask again. `unavailable`: ask again too. */
export type Resolution =
  | { readonly kind: 'settled'; readonly transaction: string }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'open'; readonly validBefore: string }
  | { readonly kind: 'unavailable'; readonly reason: string };

/** How the chain is read. */
export type ResolveOptions = ChainNode & {
  /** Blocks asked for in one call. Default 5,000. */
  readonly logBlocksMax?: number;
  /** Blocks that must stand on a settlement or an expiry, counting its own. Default 1. */
  readonly confirmationsMin?: number;
};

const topics = {
  used: '0x98de503528ee59b575ef0c0a2576a82497bfc029a5685b209e9ec333479b10a5',
  canceled: '0x1cdd46ff242716cdaa72d159d339a485b3438398348d68f09d7c8c0a59353d81',
  transfer: '0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef',
} as const;
const authorizationStateSelector = '0xe94a0102';
const searchSlackSeconds = 120;

/**
 * Finds how an uncertain settlement ended: whether the token has used the payer's nonce, and in which transaction, whoever
 * sent it. Certain failure needs the authorization's end on the chain's own clock. Never throws.
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
  if (await isUsed(options, payment, head)) return await findUse(options, payment, head);
  const endSeconds = BigInt(Math.floor(Date.parse(payment.validBefore) / 1_000));
  if ((await timestampOf(options, head)) >= endSeconds)
    return { kind: 'failed', reason: 'authorization_expired_unused' };
  return { kind: 'open', validBefore: payment.validBefore };
}

async function isUsed(node: ChainNode, payment: PaymentOnChain, block: bigint): Promise<boolean> {
  const data = `${authorizationStateSelector}${word(payment.payer)}${payment.nonce.slice(2)}`;
  const answer = await callNode(node, 'eth_call', [{ to: payment.asset, data }, quantity(block)]);
  if (typeof answer !== 'string' || !/^0x[0-9a-f]{64}$/i.test(answer))
    throw new Error('the token knows no authorizations');
  return BigInt(answer) !== 0n;
}

async function findUse(options: ResolveOptions, payment: PaymentOnChain, head: bigint): Promise<Resolution> {
  const span = BigInt(options.logBlocksMax ?? 5_000);
  const floorSeconds = BigInt(Math.floor(Date.parse(payment.claimedAt) / 1_000) - searchSlackSeconds);
  for (let to = head; ; to -= span) {
    const from = to >= span ? to - span + 1n : 0n;
    const found = await findUseBetween(options, payment, from, to);
    if (found !== null) return found;
    if (from === 0n || (await timestampOf(options, from)) < floorSeconds) break;
  }
  return { kind: 'unavailable', reason: 'the nonce is used, and no log since the claim says by what' };
}

async function findUseBetween(
  node: ChainNode,
  payment: PaymentOnChain,
  from: bigint,
  to: bigint,
): Promise<Resolution | null> {
  const filter = {
    address: payment.asset,
    fromBlock: quantity(from),
    toBlock: quantity(to),
    topics: [[topics.used, topics.canceled], `0x${word(payment.payer)}`, payment.nonce],
  };
  const [log] = listOf(await callNode(node, 'eth_getLogs', [filter]));
  if (log === undefined) return null;
  const [event] = listOf((log as { topics?: unknown }).topics);
  if (event === topics.canceled) return { kind: 'failed', reason: 'authorization_canceled' };
  const transaction = textMember(log, 'transactionHash');
  if (await paidUs(node, payment, transaction)) return { kind: 'settled', transaction };
  return { kind: 'failed', reason: 'nonce_used_by_another_transfer' };
}

async function paidUs(node: ChainNode, payment: PaymentOnChain, transaction: string): Promise<boolean> {
  const receipt = await callNode(node, 'eth_getTransactionReceipt', [transaction]);
  const logs = listOf((receipt as { logs?: unknown } | null)?.logs);
  return logs.some((log) => {
    const [event, from, to] = listOf((log as { topics?: unknown }).topics);
    return (
      event === topics.transfer &&
      sameHex(textMember(log, 'address'), payment.asset) &&
      sameHex(String(from), `0x${word(payment.payer)}`) &&
      sameHex(String(to), `0x${word(payment.payTo)}`) &&
      BigInt(textMember(log, 'data')) === BigInt(payment.amountAtomic)
    );
  });
}

async function timestampOf(node: ChainNode, block: bigint): Promise<bigint> {
  return BigInt(textMember(await callNode(node, 'eth_getBlockByNumber', [quantity(block), false]), 'timestamp'));
}

function word(address: string): string {
  return address.slice(2).toLowerCase().padStart(64, '0');
}
