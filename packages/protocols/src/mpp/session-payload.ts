import { z } from 'zod';
import { address, bytes32, uint256 } from '../evm/hex.ts';
import type { Parsed } from '../parsed.ts';
import { parseBy } from '../schema.ts';
import type { JsonObject } from './canonical-json.ts';

const amount = uint256.refine((value) => value < 1n << 96n, 'must be below 2^96');
const bytes = z.string().regex(/^0x(?:[0-9a-fA-F]{2})+$/, 'must be bytes in hex');
const descriptor = z.object({
  payer: address,
  payee: address,
  operator: address,
  token: address,
  salt: bytes32,
  authorizedSigner: address,
  expiringNonceHash: bytes32,
});
const voucher = {
  channelId: bytes32,
  cumulativeAmount: amount,
  /** Of 65 bytes when a plain key signed; Tempo knows others. */
  signature: bytes,
};
const transaction = {
  type: z.literal('transaction'),
  /** Signed, for us to send. */
  transaction: bytes,
  descriptor,
};
const payload = z.discriminatedUnion('action', [
  z.object({ action: z.literal('open'), ...voucher, ...transaction }),
  z.object({ action: z.literal('topUp'), channelId: bytes32, additionalDeposit: amount, ...transaction }),
  z.object({ action: z.literal('voucher'), ...voucher, descriptor: descriptor.optional() }),
  z.object({ action: z.literal('close'), ...voucher, descriptor: descriptor.optional() }),
]);

/** The proof of method `tempo`, intent `session`: what is to happen to a channel. Source: draft-tempo-session. */
export type SessionPayload = z.output<typeof payload>;

/** Reads a credential's payload. */
export function parseSessionPayload(value: JsonObject): Parsed<SessionPayload> {
  return parseBy(payload, value, 'payload');
}
