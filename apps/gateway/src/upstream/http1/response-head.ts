import type { IncomingHttpHeaders } from 'node:http';
import { Headers, readField } from './field.ts';
import { MalformedResponse } from './malformed.ts';

/** How long a body is: nothing, `bytes`, in chunks, or as long as the connection. */
export type Framing =
  | { readonly kind: 'none' }
  | { readonly kind: 'length'; readonly bytes: number }
  | { readonly kind: 'chunked' }
  | { readonly kind: 'until-close' };

/** A parsed head. `keepAliveHintMs`: how long the server says it keeps an idle connection; null when it does not say. */
export interface ResponseHead {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly framing: Framing;
  readonly keepAlive: boolean;
  readonly keepAliveHintMs: number | null;
}

/** Header lines of one head. */
export const FIELDS_MAX = 256;

const STATUS_LINE = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: [\t\x20-\x7e\x80-\xff]*)?$/;
const LENGTH = /^\d{1,15}$/;
const NONE: Framing = { kind: 'none' };
const CHUNKED: Framing = { kind: 'chunked' };
const UNTIL_CLOSE: Framing = { kind: 'until-close' };

/**
 * Parses a whole head, given without the empty line at its end. Stricter than the standard where two readers could
 * disagree about where the answer ends. Throws MalformedResponse.
 */
export function parseHead(text: string, method: string): ResponseHead {
  const eol = text.indexOf('\r\n');
  const line = STATUS_LINE.exec(eol === -1 ? text : text.slice(0, eol));
  if (line === null) throw new MalformedResponse('the status line is not HTTP/1.x');
  const status = Number(line[2]);
  const headers = new Headers();
  if (eol !== -1) readFields(text, eol + 2, headers);
  const modern = line[1] === '1';
  return {
    status,
    headers,
    framing: framingOf(status, method, headers, modern),
    keepAlive: isKeptAlive(headers.connection, modern),
    keepAliveHintMs: hintOf(headers['keep-alive'] as string | undefined),
  };
}

function readFields(text: string, from: number, headers: IncomingHttpHeaders): void {
  let at = from;
  for (let count = 1; at < text.length; count += 1) {
    if (count > FIELDS_MAX) throw new MalformedResponse(`there are more than ${FIELDS_MAX} header lines`);
    const eol = text.indexOf('\r\n', at);
    const end = eol === -1 ? text.length : eol;
    readField(text, at, end, headers);
    at = end + 2;
  }
}

function framingOf(status: number, method: string, headers: IncomingHttpHeaders, modern: boolean): Framing {
  const coding = headers['transfer-encoding'];
  const length = headers['content-length'];
  if (coding !== undefined) {
    if (!modern) throw new MalformedResponse('HTTP/1.0 knows no transfer-encoding');
    if (length !== undefined) throw new MalformedResponse('it has both transfer-encoding and content-length');
    if (coding.toLowerCase() !== 'chunked') throw new MalformedResponse('its transfer-encoding is not chunked');
  }
  if (length !== undefined && !LENGTH.test(length)) throw new MalformedResponse('its content-length is no number');
  if (method === 'HEAD' || status === 204 || status === 304 || status < 200) return NONE;
  if (coding !== undefined) return CHUNKED;
  if (length === undefined) return UNTIL_CLOSE;
  return length === '0' ? NONE : { kind: 'length', bytes: Number(length) };
}

function isKeptAlive(connection: string | undefined, modern: boolean): boolean {
  if (connection === undefined) return modern;
  const options = connection.toLowerCase();
  if (options === 'keep-alive') return true;
  const listed = options.split(',').map((option) => option.trim());
  return listed.includes('close') ? false : modern || listed.includes('keep-alive');
}

function hintOf(keepAlive: string | undefined): number | null {
  if (keepAlive === undefined) return null;
  const seconds = /(?:^|[,\s])timeout=(\d{1,6})(?:[,\s]|$)/i.exec(keepAlive)?.[1];
  return seconds === undefined ? null : Number(seconds) * 1000;
}
