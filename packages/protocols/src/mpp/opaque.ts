import { z } from 'zod';
import type { Parsed } from '../parsed.ts';
import { parseBy } from '../schema.ts';
import { decodeObject, encodeCanonical } from './base64url-json.ts';
import { requestCharactersMax } from './challenge-fields.ts';

/**
 * What a challenge was made for. A caller puts it in `opaque` and compares it when the credential comes: without it, a
 * payment for one call would be good for any other of the same price.
 */
export type MppScope = {
  readonly tenant: string;
  readonly route: string;
  /** Of the HTTP request. */
  readonly method: string;
  /** Which price was asked. */
  readonly price: string;
  /** Of the API key beside which it was asked; empty without one. */
  readonly key: string;
};

const texts = z.record(z.string(), z.string());
const scope = z.object({
  tenant: z.string(),
  route: z.string(),
  method: z.string(),
  price: z.string(),
  key: z.string(),
});

/** Writes a map of texts for `opaque`: base64url over canonical JSON. */
export function encodeOpaque(map: Readonly<Record<string, string>>): Parsed<string> {
  return encodeCanonical(map);
}

/** Reads `opaque`. */
export function decodeOpaque(opaque: string): Parsed<Readonly<Record<string, string>>> {
  const decoded = decodeObject(opaque, requestCharactersMax);
  return decoded.kind === 'malformed' ? decoded : parseBy(texts, decoded.value, 'opaque');
}

/** Reads the scope in `opaque`; members beside it are ignored. */
export function decodeScope(opaque: string): Parsed<MppScope> {
  const decoded = decodeOpaque(opaque);
  return decoded.kind === 'malformed' ? decoded : parseBy(scope, decoded.value, 'opaque');
}
