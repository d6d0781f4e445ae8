import type { IncomingHttpHeaders } from 'node:http';
import { MalformedResponse } from './malformed.ts';

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
/** Control bytes, a bare CR or LF among them; a tab is allowed. */
const FORBIDDEN = /[^\t\x20-\x7e\x80-\xff]/;
const NAMES_KEPT_MAX = 2_000;
const NAME_LENGTH_KEPT_MAX = 64;

/** Fields that have one value: as in Node, a second one is dropped, so that nobody downstream may choose the other. */
const FIRST_ONLY: ReadonlySet<string> = new Set([
  'age',
  'content-type',
  'date',
  'etag',
  'expires',
  'last-modified',
  'location',
  'retry-after',
  'server',
]);
/** Lists that the gateway itself reads as one string. */
const JOINED: ReadonlySet<string> = new Set(['connection', 'content-encoding', 'keep-alive', 'transfer-encoding']);

/** Headers without a prototype, so that no name of an upstream means anything to JavaScript. */
export const Headers = function Headers() {} as unknown as new () => IncomingHttpHeaders;
Headers.prototype = Object.create(null) as object;

const lowerCase = new Map<string, string>();

/** Reads one line `name: value` of `text` into `headers`. Throws MalformedResponse. */
export function readField(text: string, from: number, to: number, headers: IncomingHttpHeaders): void {
  const colon = text.indexOf(':', from);
  if (colon === -1 || colon >= to) throw new MalformedResponse('a header line has no colon');
  const name = nameOf(text.slice(from, colon));
  const value = trimmed(text, colon + 1, to);
  if (FORBIDDEN.test(value)) throw new MalformedResponse('a header value has a control byte');
  const known = headers[name];
  if (known === undefined) headers[name] = name === 'set-cookie' ? [value] : value;
  else join(headers, name, known, value);
}

function join(headers: IncomingHttpHeaders, name: string, known: string | string[], value: string): void {
  if (name === 'content-length') throw new MalformedResponse('there are two content-length headers');
  if (FIRST_ONLY.has(name)) return;
  if (Array.isArray(known)) known.push(value);
  else headers[name] = JOINED.has(name) ? `${known}, ${value}` : [known, value];
}

/** Lower case of a valid name. A space before the colon or at the start (a folded line) is no valid name. */
function nameOf(raw: string): string {
  const known = lowerCase.get(raw);
  if (known !== undefined) return known;
  if (!TOKEN.test(raw)) throw new MalformedResponse('a header name is no token, or a line is folded');
  const name = raw.toLowerCase();
  if (lowerCase.size < NAMES_KEPT_MAX && raw.length <= NAME_LENGTH_KEPT_MAX) lowerCase.set(raw, name);
  return name;
}

function trimmed(text: string, from: number, to: number): string {
  let start = from;
  let end = to;
  while (start < end && isBlank(text.charCodeAt(start))) start += 1;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}
