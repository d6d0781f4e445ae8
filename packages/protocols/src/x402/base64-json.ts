import { decodeJson } from '../json.ts';
import { malformed, type Parsed } from '../parsed.ts';

/** Longest header value that is read. A client that sends all of our extensions back needs about 8,000 characters. */
export const headerCharactersMax = 16_384;

const base64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** Writes a JSON value as standard padded base64 over UTF-8: the form of every x402 header. */
export function encodeBase64Json(value: unknown): string {
  return Buffer.from(JSON.stringify(value), 'utf8').toString('base64');
}

/** Reads such a header. Refuses other alphabets, missing padding, stray bits, bad UTF-8, deep nesting and excess length. */
export function decodeBase64Json(text: string): Parsed<unknown> {
  if (text.length > headerCharactersMax) return malformed(`longer than ${headerCharactersMax} characters`);
  if (text.length % 4 !== 0 || !base64.test(text)) return malformed('not standard padded base64');
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? decodeJson(bytes) : malformed('not canonical base64');
}
