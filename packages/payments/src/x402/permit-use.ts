import { permit2Address } from '@tollwright/protocols';
import { type ChainNode, callNode, listOf, quantity, textMember } from './json-rpc.ts';
import type { ChainUse, PaymentOnChain } from './resolve-from-chain.ts';
import { transfersBetween, word } from './transfer-log.ts';

const nonceBitmapSelector = '0x4fe02b44';
const invalidatedTopic = '0x3704902f963766a4e561bbaab6e6cdc1b1dd12f6e9e99648da8843b3f46b918d';

/**
 * The use of a permit. Permit2 keeps a bit for each nonce and logs none, so a transfer to the recipient is this payment's if
 * its transaction was called with these very words: token, amount, nonce, deadline. Source: Permit2, SignatureTransfer.
 */
export const permitUse: ChainUse = {
  async isUsed(node, payment, block) {
    const { wordPosition, bit } = placeOf(payment);
    const data = `${nonceBitmapSelector}${word(payment.payer)}${uint(wordPosition)}`;
    const answer = await callNode(node, 'eth_call', [{ to: permit2Address, data }, quantity(block)]);
    if (typeof answer !== 'string' || !/^0x[0-9a-f]{64}$/i.test(answer)) throw new Error('the chain has no Permit2');
    return (BigInt(answer) & bit) !== 0n;
  },

  async findBetween(node, payment, from, to) {
    const paid = new Map<string, bigint[]>();
    for (const { transaction, amountAtomic } of await transfersBetween(node, payment, from, to)) {
      paid.set(transaction, [...(paid.get(transaction) ?? []), amountAtomic]);
    }
    for (const [transaction, amounts] of paid) {
      if (!(await isCalledWith(node, payment, transaction))) continue;
      if (amounts.includes(BigInt(payment.amountAtomic))) return { kind: 'settled', transaction };
      return { kind: 'unavailable', reason: `${transaction} moved ${amounts.join(', ')}, not ${payment.amountAtomic}` };
    }
    return (await isInvalidated(node, payment, from, to)) ? { kind: 'failed', reason: 'authorization_canceled' } : null;
  },

  async withoutLog(node, payment, from, to) {
    if (await permitUse.isUsed(node, payment, from)) {
      return { kind: 'unavailable', reason: 'the nonce was used before the claim' };
    }
    const block = await blockOfUse(node, payment, from, to);
    const transfers = await transfersBetween(node, payment, block, block);
    if (transfers.length === 0) return { kind: 'failed', reason: 'nonce_used_by_another_transfer' };
    return { kind: 'unavailable', reason: `the nonce was used in block ${block} by a call that cannot be read` };
  },
};

/** The block whose end is the first with the nonce used. Needs the node's state of past blocks. */
async function blockOfUse(node: ChainNode, payment: PaymentOnChain, unused: bigint, used: bigint): Promise<bigint> {
  let [low, high] = [unused, used];
  while (high - low > 1n) {
    const middle = (low + high) / 2n;
    if (await permitUse.isUsed(node, payment, middle)) high = middle;
    else low = middle;
  }
  return high;
}

async function isCalledWith(node: ChainNode, payment: PaymentOnChain, transaction: string): Promise<boolean> {
  const { permittedAtomic = payment.amountAtomic, deadline = '0' } = payment.details;
  const words = [permittedAtomic, payment.nonce, deadline].map((digits) => uint(BigInt(digits)));
  const input = textMember(await callNode(node, 'eth_getTransactionByHash', [transaction]), 'input');
  return input.toLowerCase().includes([word(payment.asset), ...words].join(''));
}

async function isInvalidated(node: ChainNode, payment: PaymentOnChain, from: bigint, to: bigint): Promise<boolean> {
  const topics = [invalidatedTopic, `0x${word(payment.payer)}`];
  const filter = { address: permit2Address, fromBlock: quantity(from), toBlock: quantity(to), topics };
  const { wordPosition, bit } = placeOf(payment);
  return listOf(await callNode(node, 'eth_getLogs', [filter])).some((log) => {
    const data = textMember(log, 'data').slice(2);
    return BigInt(`0x${data.slice(0, 64)}`) === wordPosition && (BigInt(`0x${data.slice(64, 128)}`) & bit) !== 0n;
  });
}

function placeOf({ nonce }: PaymentOnChain): { readonly wordPosition: bigint; readonly bit: bigint } {
  const number = BigInt(nonce);
  return { wordPosition: number >> 8n, bit: 1n << (number & 255n) };
}

function uint(value: bigint): string {
  return value.toString(16).padStart(64, '0');
}
