import { z } from 'zod';
import { keccakHex, textHash } from '../evm/typed-data.ts';
import type { Parsed } from '../parsed.ts';
import { parseBy } from '../schema.ts';
import type { JsonObject } from './canonical-json.ts';
import type { ChallengeFields } from './challenge-fields.ts';

/** Chains of Tempo: mainnet and testnet. */
const tempoChainIds: ReadonlySet<string> = new Set(['eip155:4217', 'eip155:42431']);

/** Whether a CAIP-2 network is Tempo, where tokens pay fees and transactions have a form of their own. */
export function isTempoNetwork(network: string): boolean {
  return tempoChainIds.has(network);
}

const payload = z.object({
  type: z.literal('transaction'),
  /** A signed Tempo transaction for us to send. */
  signature: z
    .string()
    .max(16_384)
    .regex(/^0x76(?:[0-9a-fA-F]{2})+$/, 'must be a signed Tempo transaction'),
});

/** The proof of method `tempo`, intent `charge`: a transaction that is signed and not sent. */
export type TempoChargePayload = z.output<typeof payload>;

/** Reads a credential's payload. The other types of the method (hash, proof) are refused. */
export function parseTempoChargePayload(value: JsonObject): Parsed<TempoChargePayload> {
  return parseBy(payload, value, 'payload');
}

/** A transfer of a TIP-20 token with a memo of 32 bytes. */
export type MemoTransfer = { readonly to: string; readonly amount: bigint; readonly memo: string };

const transferSelector = textHash('transferWithMemo(address,uint256,bytes32)').slice(0, 8);
const transferData = new RegExp(`^0x${transferSelector}0{24}([0-9a-f]{40})([0-9a-f]{64})([0-9a-f]{64})$`);

/** Reads the data of a call of `transferWithMemo`; null when it is anything else. */
export function readMemoTransfer(data: string): MemoTransfer | null {
  const [, to, amount, memo] = transferData.exec(data.toLowerCase()) ?? [];
  if (to === undefined || amount === undefined || memo === undefined) return null;
  return { to: `0x${to}`, amount: BigInt(`0x${amount}`), memo: `0x${memo}` };
}

const tag = textHash('mpp').slice(0, 8);
const memoForm = /^0x([0-9a-f]{8})01([0-9a-f]{20})[0-9a-f]{20}([0-9a-f]{14})$/;

/**
 * Tells whether a memo names this challenge: a tag, a fingerprint of the realm, one of the client, and one of the
 * challenge's id. Source: draft-tempo-charge, "Attribution memo"; mppx.
 */
export function isMemoOf(memo: string, { id, realm }: Pick<ChallengeFields, 'id' | 'realm'>): boolean {
  const [, mark, server, challenge] = memoForm.exec(memo.toLowerCase()) ?? [];
  return mark === tag && server === textHash(realm).slice(0, 20) && challenge === textHash(id).slice(0, 14);
}

/** The hash of a signed transaction that its payer pays the fees of. */
export function transactionHash(raw: string): string {
  return `0x${keccakHex(raw.slice(2))}`;
}
