import { setTimeout as sleep } from 'node:timers/promises';
import type { PaymentRecord } from '@tollwright/contracts';
import type { Resolution, Settlement, Verification } from '../rail.ts';
import { type ChainNode, callNode, NodeRefused, textMember } from '../x402/json-rpc.ts';
import { transfersIn, word } from '../x402/transfer-log.ts';
import type { TempoPayment } from './check.ts';

const balanceSelector = '0x70a08231';
const pollMs = 100;
/** After its end a transaction may still be in a block that was begun before it. */
const lateMs = 5_000;

/** Asks whether the payer has what the transfer moves. */
export async function verifyFunds(node: ChainNode, { offer, payer }: TempoPayment): Promise<Verification> {
  try {
    const data = `${balanceSelector}${word(payer)}`;
    const balance = BigInt(String(await callNode(node, 'eth_call', [{ to: offer.asset, data }, 'latest'])));
    return balance < offer.amountAtomic ? { kind: 'invalid', reason: 'insufficient_funds' } : { kind: 'valid' };
  } catch (error) {
    return { kind: 'unavailable', reason: error instanceof Error ? error.message : String(error) };
  }
}

/** Sends a payer's transaction and waits until the chain has it, or does not take it any more. Never throws. */
export async function sendTransaction(node: ChainNode, payment: TempoPayment): Promise<Settlement> {
  const { transaction = '' } = payment.details;
  try {
    await callNode(node, 'eth_sendRawTransaction', [payment.raw]);
  } catch (error) {
    // Whoever saw the transaction may have sent it before us: the chain decides, not the node's word.
    const unknown: Settlement =
      error instanceof NodeRefused
        ? { kind: 'unknown', reason: 'node_refused', transaction }
        : { kind: 'unknown', reason: 'node_unreachable', transaction, isUnanswered: true };
    return (await endOf(node, payment, Date.now())) ?? unknown;
  }
  const ended = await endOf(node, payment, payment.validBeforeMs + lateMs);
  return ended ?? { kind: 'unknown', reason: 'not_in_a_block', transaction };
}

async function endOf(node: ChainNode, payment: TempoPayment, untilMs: number): Promise<Settlement | null> {
  const { offer, payer, details } = payment;
  const { network, asset, payTo, amountAtomic } = offer;
  const record = { network, asset, payTo, payer, amountAtomic: amountAtomic.toString() };
  for (;;) {
    try {
      const end = await receiptOf(node, record, details.transaction ?? '');
      if (end !== null) return end;
    } catch {
      // A node that is away may be back before the transaction's end.
    }
    if (Date.now() >= untilMs) return null;
    await sleep(pollMs);
  }
}

type Moved = Pick<PaymentRecord, 'network' | 'asset' | 'payer' | 'payTo' | 'amountAtomic'>;

async function receiptOf(node: ChainNode, moved: Moved, transaction: string) {
  const receipt = await callNode(node, 'eth_getTransactionReceipt', [transaction]);
  if (receipt === null || receipt === undefined) return null;
  if (BigInt(textMember(receipt, 'status')) !== 1n) return { kind: 'failed', reason: 'the transfer reverted' } as const;
  const transfers = await transfersIn(node, moved, transaction);
  const isPaid = transfers.some(({ amountAtomic }) => amountAtomic === BigInt(moved.amountAtomic));
  return isPaid
    ? ({ kind: 'settled', transaction } as const)
    : ({ kind: 'failed', reason: 'nothing was moved' } as const);
}

/** Finds how a transaction ended that nobody told. It has failed for certain when the chain is past its end without it. */
export async function resolveTransaction(node: ChainNode, payment: PaymentRecord): Promise<Resolution> {
  try {
    const transaction = payment.details.transaction ?? payment.transaction ?? '';
    // Read before the receipt: a block that has it would be no later.
    const block = await callNode(node, 'eth_getBlockByNumber', ['latest', false]);
    const end = await receiptOf(node, payment, transaction);
    if (end !== null) return end;
    const chainMs = Number(BigInt(textMember(block, 'timestamp'))) * 1_000;
    if (chainMs <= Date.parse(payment.validBefore) + lateMs) return { kind: 'open' };
    return { kind: 'failed', reason: 'transaction_expired_unused' };
  } catch (error) {
    return { kind: 'unavailable', reason: error instanceof Error ? error.message : String(error) };
  }
}
