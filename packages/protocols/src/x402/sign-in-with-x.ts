import { keccak_256 } from '@noble/hashes/sha3.js';
import { z } from 'zod';
import { isWrapped } from '../evm/contract-signature.ts';
import { address } from '../evm/hex.ts';
import { recoverSigner } from '../evm/recover-signer.ts';
import type { Parsed } from '../parsed.ts';
import { parseBy } from '../schema.ts';
import { decodeBase64Json, encodeBase64Json } from './base64-json.ts';
import type { X402Extension } from './extensions.ts';
import { chainIdOf } from './network.ts';
import { signInMessage } from './sign-in-message.ts';

/** The extension by which who paid before comes in, and its request header in lower case. */
export const signInKey = 'sign-in-with-x';

/** No line breaks or other control characters: one text must have one meaning. */
const line = z
  .string()
  .max(2_048)
  .regex(/^[^\p{Cc}\u2028\u2029]*$/u);
const proof = z.object({
  domain: line,
  address,
  statement: line.optional(),
  uri: line,
  version: z.literal('1'),
  chainId: line,
  type: z.enum(['eip191', 'ed25519']),
  nonce: z.string().regex(/^[A-Za-z0-9]{8,128}$/),
  issuedAt: z.iso.datetime({ offset: true }),
  expirationTime: z.iso.datetime({ offset: true }).optional(),
  notBefore: z.iso.datetime({ offset: true }).optional(),
  requestId: line.optional(),
  resources: z.array(line).max(20).optional(),
  signature: z.string().regex(/^0x(?:[0-9a-fA-F]{2}){1,2048}$/),
});

/** What a client sends to say who it is. */
export type SignInProof = z.output<typeof proof>;

/** Where somebody signs in: the gateway's public host, and the resource that was asked for. */
export type SignInPlace = { readonly domain: string; readonly uri: string; readonly networks: readonly string[] };

/** Why a proof is refused: the codes of the extension. */
export type SignInRefusal =
  | 'invalid_siwx_domain_mismatch'
  | 'invalid_siwx_uri_mismatch'
  | 'invalid_siwx_unsupported_chain'
  | 'invalid_siwx_issued_at_too_old'
  | 'invalid_siwx_issued_at_in_future'
  | 'invalid_siwx_expired'
  | 'invalid_siwx_not_yet_valid'
  | 'invalid_siwx_nonce'
  | 'invalid_siwx_signature';

/** Who says to sign in, lower-cased. That the nonce was issued, and is used once, is for its keeper to say. */
type Signer = { readonly address: string; readonly network: string; readonly nonce: string };

/** `unproven`: no key of that address signed, so it is for the code at the address to say, which gets these 32 bytes. */
export type SignedIn =
  | (Signer & { readonly kind: 'signed-in' })
  | (Signer & { readonly kind: 'unproven'; readonly digest: Uint8Array; readonly signature: string })
  | { readonly kind: 'refused'; readonly reason: SignInRefusal };

const ageMsMax = 5 * 60 * 1_000;
/** How far two gateways' clocks may be apart. */
const skewMs = 10_000;
/** No proof is accepted for longer after its challenge was made, by whichever clock: so long used nonces have to be known. */
export const signInMsMax = ageMsMax + 2 * skewMs;

/** What a challenge asks somebody to sign. `nonce` has 8 letters and digits or more, and is issued once. */
export type SignInChallenge = {
  readonly place: SignInPlace;
  readonly nonce: string;
  readonly nowMs: number;
  readonly statement?: string;
};

/** The declaration in a challenge. */
export function signInExtension({ place, nonce, nowMs, statement }: SignInChallenge): X402Extension {
  const { domain, uri, networks } = place;
  return {
    info: {
      ...{ domain, uri, version: '1', nonce },
      issuedAt: new Date(nowMs).toISOString(),
      expirationTime: new Date(nowMs + ageMsMax).toISOString(),
      ...(statement === undefined ? {} : { statement }),
    },
    supportedChains: networks.map((chainId) => ({ chainId, type: 'eip191' })),
    schema: {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      properties: { address: { type: 'string' }, chainId: { type: 'string' }, signature: { type: 'string' } },
      required: ['domain', 'address', 'uri', 'version', 'chainId', 'type', 'nonce', 'issuedAt', 'signature'],
    },
  };
}

/** Reads the header `SIGN-IN-WITH-X`. Only Ethereum addresses are read. */
export function parseSignIn(header: string): Parsed<SignInProof> {
  const decoded = decodeBase64Json(header);
  return decoded.kind === 'malformed' ? decoded : parseBy(proof, decoded.value, 'proof');
}

/** The header value of a proof. */
export function serializeSignIn(value: SignInProof): string {
  return encodeBase64Json(value);
}

/** Judges a proof by where it was asked for: domain, address and path, network, time, and the signature of a key. */
export function verifySignIn(said: SignInProof, place: SignInPlace, nowMs: number): SignedIn {
  const reason = refusalOf(said, place, nowMs);
  if (reason !== null) return { kind: 'refused', reason };
  const { signature, nonce, chainId: network } = said;
  const address = said.address.toLowerCase();
  const digest = personalDigest(signInMessage(said));
  if (recoverSigner(digest, signature) === address) return { kind: 'signed-in', address, network, nonce };
  if (isWrapped(signature)) return { kind: 'refused', reason: 'invalid_siwx_signature' };
  return { kind: 'unproven', address, network, nonce, digest, signature };
}

function refusalOf(said: SignInProof, { domain, uri, networks }: SignInPlace, nowMs: number): SignInRefusal | null {
  if (said.domain !== domain) return 'invalid_siwx_domain_mismatch';
  if (withoutQuery(said.uri) !== withoutQuery(uri)) return 'invalid_siwx_uri_mismatch';
  const isKnown = said.type === 'eip191' && networks.includes(said.chainId) && chainIdOf(said.chainId) !== null;
  if (!isKnown) return 'invalid_siwx_unsupported_chain';
  const ageMs = nowMs - Date.parse(said.issuedAt);
  if (ageMs > ageMsMax) return 'invalid_siwx_issued_at_too_old';
  if (ageMs < -skewMs) return 'invalid_siwx_issued_at_in_future';
  if (said.expirationTime !== undefined && Date.parse(said.expirationTime) < nowMs) return 'invalid_siwx_expired';
  if (said.notBefore !== undefined && Date.parse(said.notBefore) > nowMs + skewMs) return 'invalid_siwx_not_yet_valid';
  return null;
}

function withoutQuery(uri: string): string {
  return uri.replace(/[?#].*$/s, '');
}

/** The 32 bytes of a message that a wallet was asked to sign. Source: ERC-191, version 0x45. */
function personalDigest(message: string): Uint8Array {
  const bytes = Buffer.from(message, 'utf8');
  return keccak_256(Buffer.concat([Buffer.from(`\x19Ethereum Signed Message:\n${bytes.length}`, 'utf8'), bytes]));
}
