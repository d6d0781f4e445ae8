import { z } from 'zod';
import { textHash } from '../evm/typed-data.ts';
import type { Parsed } from '../parsed.ts';
import { parseBy } from '../schema.ts';
import { authorization } from '../x402/authorization.ts';
import type { JsonObject } from './canonical-json.ts';
import type { ChallengeFields } from './challenge-fields.ts';

const payload = authorization.extend({
  type: z.literal('authorization'),
  /** Of a key holder: 65 bytes. */
  signature: z.string().regex(/^0x[0-9a-fA-F]{130}$/, 'must be a 65-byte signature'),
});

/** The proof of method `evm`, intent `charge`: an ERC-3009 authorization whose nonce is evmChargeNonce. */
export type EvmChargePayload = z.output<typeof payload>;

/** Reads a credential's payload. The other types of the method (permit2, transaction, hash) are refused. */
export function parseEvmChargePayload(value: JsonObject): Parsed<EvmChargePayload> {
  return parseBy(payload, value, 'payload');
}

/**
 * The nonce that an authorization must have to be for this challenge: Keccak-256 of id and realm, put together as they are.
 * It makes a payment good for one challenge, and the token refuses a second use. Source: draft-evm-charge; mppx.
 */
export function evmChargeNonce({ id, realm }: Pick<ChallengeFields, 'id' | 'realm'>): string {
  return `0x${textHash(id + realm)}`;
}
