import type { PaymentRecord } from '@tollwright/contracts';
import { chainIdOf } from '@tollwright/protocols';
import type { Hex } from 'viem';
import type { RefundDesk, RefundOrder, RefundProgress, SignedRefund } from '../rail.ts';
import type { ChainNodes } from '../x402/desk.ts';
import { type ChainNode, callNode, NodeRefused, textMember } from '../x402/json-rpc.ts';

/** The key that gives a payment's tokens back; null where its provider has none there. */
export type RefundKeyOf = (payment: PaymentRecord) => Promise<string | null>;

const transferSelector = '0xa9059cbb';
/** What nodes say of a transaction that they have already. */
const knownAlready = /already known|nonce too low|already imported|known transaction/i;

/**
 * Gives tokens back by a transfer to the payer. It is signed once, kept by the caller, and sent as it is until the chain has
 * it.
 */
export function refundsOnChain(nodes: ChainNodes, keyOf: RefundKeyOf): RefundDesk {
  const nodeOf = ({ network }: PaymentRecord): ChainNode | null => {
    const rpcUrl = nodes.rpcUrls.get(network);
    return rpcUrl === undefined ? null : { rpcUrl, fetch: nodes.fetch };
  };
  return {
    async senderOf(payment) {
      const key = await keyOf(payment);
      return key === null ? undefined : (await accountOf(key)).address.toLowerCase();
    },
    async sign(payment, order, nonceMin) {
      const [node, key] = [nodeOf(payment), await keyOf(payment)];
      if (node === null || key === null) throw new Error(`nothing can be sent on ${payment.network}`);
      return signTransfer(node, key, payment, order, nonceMin);
    },
    async send(payment, order) {
      const node = nodeOf(payment);
      if (node === null) return { kind: 'unavailable', reason: `no RPC address for ${payment.network}` };
      if (order.signed === null) return { kind: 'unavailable', reason: 'it is not signed' };
      try {
        return await sendOrFind(node, order.signed);
      } catch (error) {
        return { kind: 'unavailable', reason: error instanceof Error ? error.message : String(error) };
      }
    },
  };
}

async function signTransfer(
  node: ChainNode,
  key: string,
  payment: PaymentRecord,
  { amountAtomic }: RefundOrder,
  nonceMin: bigint,
): Promise<SignedRefund> {
  const account = await accountOf(key);
  const chainId = chainIdOf(payment.network);
  if (chainId === null) throw new Error(`${payment.network} is no EVM network`);
  const data = `${transferSelector}${word(BigInt(payment.payer))}${word(amountAtomic)}` as Hex;
  const call = { from: account.address, to: payment.asset, data };
  const [count, gas, price] = await Promise.all([
    callNode(node, 'eth_getTransactionCount', [account.address, 'pending']),
    callNode(node, 'eth_estimateGas', [call]),
    callNode(node, 'eth_gasPrice', []),
  ]);
  const pending = BigInt(String(count));
  const nonce = pending > nonceMin ? pending : nonceMin;
  const fee = BigInt(String(price));
  const raw = await account.signTransaction({
    ...{ type: 'eip1559', chainId: Number(chainId), nonce: Number(nonce), to: payment.asset as Hex, data },
    // Room for a price that rises before the next block: what is not needed is not paid.
    ...{
      gas: (BigInt(String(gas)) * 12n) / 10n,
      maxFeePerGas: fee * 3n,
      maxPriorityFeePerGas: fee > 1n ? fee / 10n : 1n,
    },
  });
  const { keccak256 } = await import('viem');
  return { sender: account.address.toLowerCase(), nonce, raw, transaction: keccak256(raw) };
}

async function sendOrFind(node: ChainNode, { raw, transaction }: SignedRefund): Promise<RefundProgress> {
  const mined = await receiptOf(node, transaction);
  if (mined !== null) return mined;
  try {
    await callNode(node, 'eth_sendRawTransaction', [raw]);
  } catch (error) {
    if (!(error instanceof NodeRefused) || !knownAlready.test(error.message)) throw error;
  }
  return (await receiptOf(node, transaction)) ?? { kind: 'open' };
}

async function receiptOf(node: ChainNode, transaction: string): Promise<RefundProgress | null> {
  const receipt = await callNode(node, 'eth_getTransactionReceipt', [transaction]);
  if (receipt === null || receipt === undefined) return null;
  if (BigInt(textMember(receipt, 'status')) === 1n) return { kind: 'refunded', transaction };
  return { kind: 'failed', reason: 'the transfer reverted' };
}

/** viem is loaded where something is signed, and nowhere else. */
async function accountOf(key: string) {
  const { privateKeyToAccount } = await import('viem/accounts');
  return privateKeyToAccount(key as Hex);
}

function word(value: bigint): string {
  return value.toString(16).padStart(64, '0');
}
