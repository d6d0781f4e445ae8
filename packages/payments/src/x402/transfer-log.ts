import { sameHex } from '@tollwright/protocols';
import { type ChainNode, callNode, listOf, quantity, textMember } from './json-rpc.ts';
import type { PaymentOnChain } from './resolve-from-chain.ts';

const transferTopic = '0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef';

/** A movement of the payment's token from its payer to its recipient. */
export type TransferLog = { readonly transaction: string; readonly amountAtomic: bigint };

/** Whose token went where. */
export type Movement = Pick<PaymentOnChain, 'asset' | 'payer' | 'payTo'>;

/** Those that one transaction made. */
export async function transfersIn(
  node: ChainNode,
  payment: Movement,
  transaction: string,
): Promise<readonly TransferLog[]> {
  const receipt = await callNode(node, 'eth_getTransactionReceipt', [transaction]);
  const logs = listOf((receipt as { logs?: unknown } | null)?.logs);
  return logs.filter((log) => isTransfer(log, payment)).map(toTransfer);
}

/** Those of a span of blocks, both ends included. */
export async function transfersBetween(
  node: ChainNode,
  payment: PaymentOnChain,
  from: bigint,
  to: bigint,
): Promise<readonly TransferLog[]> {
  const topics = [transferTopic, `0x${word(payment.payer)}`, `0x${word(payment.payTo)}`];
  const filter = { address: payment.asset, fromBlock: quantity(from), toBlock: quantity(to), topics };
  return listOf(await callNode(node, 'eth_getLogs', [filter])).map(toTransfer);
}

/** An address as a word of 32 bytes: hex digits without a prefix. */
export function word(address: string): string {
  return address.slice(2).toLowerCase().padStart(64, '0');
}

function isTransfer(log: unknown, payment: Movement): boolean {
  const [event, from, to] = listOf((log as { topics?: unknown }).topics);
  return (
    event === transferTopic &&
    sameHex(textMember(log, 'address'), payment.asset) &&
    sameHex(String(from), `0x${word(payment.payer)}`) &&
    sameHex(String(to), `0x${word(payment.payTo)}`)
  );
}

function toTransfer(log: unknown): TransferLog {
  return { transaction: textMember(log, 'transactionHash'), amountAtomic: BigInt(textMember(log, 'data')) };
}
