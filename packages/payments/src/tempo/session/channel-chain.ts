import { setTimeout as sleep } from 'node:timers/promises';
import { type ChannelState, readChannelState, stateData, tempoChannelReserve } from '@tollwright/protocols';
import type { ChannelOpening } from '../../channel.ts';
import { type ChainNode, callNode, NodeRefused, textMember } from '../../x402/json-rpc.ts';

/** A payer's signed transaction that opens a channel or adds to it. */
export type SignedDeposit = { readonly raw: string; readonly transaction: string; readonly validBeforeMs: number };

const pollMs = 100;
/** After its end a transaction may still be in a block that was begun before it. */
const lateMs = 5_000;
const knownAlready = /already|known|exists|duplicate|nonce/i;

/** Reads a channel from its chain. Throws when the node cannot say. */
export async function readChannel(node: ChainNode, channelId: string): Promise<ChannelState> {
  const call = { to: tempoChannelReserve, data: stateData(channelId) };
  return readChannelState(String(await callNode(node, 'eth_call', [call, 'latest'])));
}

/** Sends a deposit where there is one, and says how the channel stands then. Never throws. */
export async function openOnChain(
  node: ChainNode,
  channelId: string,
  deposit: SignedDeposit | null,
): Promise<ChannelOpening> {
  const transaction = deposit?.transaction ?? null;
  try {
    if (deposit !== null) {
      const end = await sendDeposit(node, deposit);
      if (end !== null) return end;
    }
    const state = await readChannel(node, channelId);
    if (state.depositAtomic === 0n) return { kind: 'gone', reason: 'channel-not-found' };
    if (state.closeRequestedAt !== 0) return { kind: 'gone', reason: 'channel-finalized' };
    return { kind: 'open', onChain: state, transaction };
  } catch (error) {
    return { kind: 'unknown', reason: error instanceof Error ? error.message : String(error), transaction };
  }
}

/** Sends a signed transaction and waits for it. Null: it is in a block, and did what it says. Throws when the node is away. */
export async function sendDeposit(
  node: ChainNode,
  deposit: SignedDeposit,
): Promise<Exclude<ChannelOpening, { kind: 'open' }> | null> {
  const { raw, transaction, validBeforeMs } = deposit;
  try {
    await callNode(node, 'eth_sendRawTransaction', [raw]);
  } catch (error) {
    if (!(error instanceof NodeRefused)) throw error;
    // Whoever saw the transaction may have sent it before us.
    if ((await receiptOf(node, transaction)) === null && !knownAlready.test(error.message)) {
      return { kind: 'refused', reason: 'transaction-refused' };
    }
  }
  for (;;) {
    const done = await receiptOf(node, transaction).catch(() => null);
    if (done !== null) return done ? null : { kind: 'refused', reason: 'transaction-reverted' };
    if (Date.now() >= validBeforeMs + lateMs) return { kind: 'unknown', reason: 'not_in_a_block', transaction };
    await sleep(pollMs);
  }
}

/** Whether a transaction did what it says; null while no block has it. */
export async function receiptOf(node: ChainNode, transaction: string): Promise<boolean | null> {
  const receipt = await callNode(node, 'eth_getTransactionReceipt', [transaction]);
  return receipt === null || receipt === undefined ? null : BigInt(textMember(receipt, 'status')) === 1n;
}
