import { z } from 'zod';
import { bytes32, uint256 } from '../evm/hex.ts';
import type { Parsed } from '../parsed.ts';
import { parseBy } from '../schema.ts';
import { decodeObject, encodeBase64url } from './base64url-json.ts';
import { rfc3339 } from './challenge-fields.ts';

const receiptCharactersMax = 8_192;
const text = z.string().min(1).max(1_024);

const charge = z.object({
  status: z.literal('success'),
  method: text,
  /** RFC 3339, of the settlement. */
  timestamp: rfc3339,
  /** The method's name for the payment: `pi_…`, the hash of a transaction, the id of a channel. */
  reference: text,
  /** What the client called it. */
  externalId: text.optional(),
});
const session = charge.extend({
  intent: z.literal('session'),
  challengeId: text,
  channelId: bytes32,
  /** In the token's smallest unit: what the highest voucher allows, and what of it was used. */
  acceptedCumulative: uint256,
  spent: uint256,
  units: z.int().min(0).optional(),
  /** Of the settlement on the chain, when there was one. */
  txHash: bytes32.optional(),
});

/** What a paid answer says of its payment. Only answers that succeed have one. */
export type MppChargeReceipt = z.output<typeof charge>;
/** What an answer says of the channel that pays for it. */
export type MppSessionReceipt = z.output<typeof session>;
export type MppReceipt = MppChargeReceipt | MppSessionReceipt;

/** The value of `Payment-Receipt`. */
export function serializeReceipt(receipt: MppReceipt): string {
  const json = 'intent' in receipt ? toSessionJson(receipt) : receipt;
  return encodeBase64url(JSON.stringify(json));
}

/** Reads such a header. Members that are unknown are ignored. */
export function parseReceipt(header: string): Parsed<MppReceipt> {
  const decoded = decodeObject(header, receiptCharactersMax);
  if (decoded.kind === 'malformed') return decoded;
  return parseBy<MppReceipt>(decoded.value.intent === 'session' ? session : charge, decoded.value, 'receipt');
}

/** The JSON of a session's receipt: in the header, and in an event of a stream. */
export function toSessionJson(receipt: MppSessionReceipt): z.input<typeof session> {
  const { acceptedCumulative, spent } = receipt;
  return { ...receipt, acceptedCumulative: acceptedCumulative.toString(), spent: spent.toString() };
}
