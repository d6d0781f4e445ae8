import { decodeUnambiguousJson } from '../json.ts';
import { malformed, ok, type Parsed } from '../parsed.ts';
import { canonicalJson, type JsonObject } from './canonical-json.ts';

/** Base64url without padding, at least one character. */
export const base64url = /^[A-Za-z0-9_-]+$/;

/** Writes an object as base64url over canonical JSON: `request` and `opaque`. Malformed when canonicalJson refuses it. */
export function encodeCanonical(value: JsonObject): Parsed<string> {
  try {
    return ok(encodeBase64url(canonicalJson(value)));
  } catch (error) {
    return malformed(error instanceof TypeError ? error.message : 'not JSON');
  }
}

/** Writes a text as base64url over UTF-8. */
export function encodeBase64url(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64url');
}

/**
 * Reads an object from base64url. Refuses padding, other alphabets, stray bits, bad UTF-8, members that occur twice, deep
 * nesting and more than `charactersMax`.
 */
export function decodeObject(text: string, charactersMax: number): Parsed<JsonObject> {
  if (text.length > charactersMax) return malformed(`longer than ${charactersMax} characters`);
  if (!base64url.test(text)) return malformed('not base64url without padding');
  const bytes = Buffer.from(text, 'base64url');
  if (bytes.toString('base64url') !== text) return malformed('not canonical base64url');
  const read = decodeUnambiguousJson(bytes);
  if (read.kind === 'malformed') return read;
  return isObject(read.value) ? ok(read.value) : malformed('not a JSON object');
}

/** True for a value of JSON.parse that is an object. Its numbers may be any. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
