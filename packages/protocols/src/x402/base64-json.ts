import { malformed, ok, type Parsed } from './parsed.ts';

/** Longest header value that is read. A payment with all of its extensions needs about 2,000 characters. */
export const headerCharactersMax = 8_192;

const depthMax = 16;
const base64 = /^[A-Za-z0-9+/]+={0,2}$/;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Writes a JSON value as standard padded base64 over UTF-8: the form of every x402 header. */
export function encodeBase64Json(value: unknown): string {
  return Buffer.from(JSON.stringify(value), 'utf8').toString('base64');
}

/** Reads such a header. Refuses other alphabets, missing padding, stray bits, bad UTF-8, deep nesting and excess length. */
export function decodeBase64Json(text: string): Parsed<unknown> {
  if (text.length > headerCharactersMax) return malformed(`longer than ${headerCharactersMax} characters`);
  if (text.length % 4 !== 0 || !base64.test(text)) return malformed('not standard padded base64');
  const bytes = Buffer.from(text, 'base64');
  if (bytes.toString('base64') !== text) return malformed('not canonical base64');
  try {
    const value: unknown = JSON.parse(utf8.decode(bytes));
    return isShallow(value, depthMax) ? ok(value) : malformed(`nested deeper than ${depthMax} levels`);
  } catch {
    return malformed('not JSON in UTF-8');
  }
}

function isShallow(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return levels > 0 && Object.values(value).every((item) => isShallow(item, levels - 1));
}
