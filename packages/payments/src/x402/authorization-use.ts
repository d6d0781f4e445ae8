import { callNode, listOf, quantity, textMember } from './json-rpc.ts';
import type { ChainUse } from './resolve-from-chain.ts';
import { transfersIn, word } from './transfer-log.ts';

const topics = {
  used: '0x98de503528ee59b575ef0c0a2576a82497bfc029a5685b209e9ec333479b10a5',
  canceled: '0x1cdd46ff242716cdaa72d159d339a485b3438398348d68f09d7c8c0a59353d81',
} as const;
const authorizationStateSelector = '0xe94a0102';

/** The use of a token's own authorization: the token keeps the nonces, and logs each with its use. Source: ERC-3009. */
export const authorizationUse: ChainUse = {
  async isUsed(node, payment, block) {
    const data = `${authorizationStateSelector}${word(payment.payer)}${payment.nonce.slice(2)}`;
    const answer = await callNode(node, 'eth_call', [{ to: payment.asset, data }, quantity(block)]);
    if (typeof answer !== 'string' || !/^0x[0-9a-f]{64}$/i.test(answer))
      throw new Error('the token knows no authorizations');
    return BigInt(answer) !== 0n;
  },

  async findBetween(node, payment, from, to) {
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
    const transfers = await transfersIn(node, payment, transaction);
    if (transfers.some(({ amountAtomic }) => amountAtomic === BigInt(payment.amountAtomic))) {
      return { kind: 'settled', transaction };
    }
    return { kind: 'failed', reason: 'nonce_used_by_another_transfer' };
  },

  async withoutLog() {
    return { kind: 'unavailable', reason: 'the nonce is used, and no log since the claim says by what' };
  },
};
