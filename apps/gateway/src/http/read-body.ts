import type { IncomingMessage } from 'node:http';
import type { Problem } from '@tollwright/core';
import type { Collected, LeanRequest } from './lean-request.ts';

/** A request body as it is known when the call is decided. */
export type Body =
  | { readonly kind: 'none' }
  | { readonly kind: 'buffered'; readonly bytes: Buffer }
  | {
      readonly kind: 'stream';
      readonly source: AsyncIterable<Buffer>;
      readonly lengthBytes: number | null;
      /** Bytes that were taken from it. */
      readonly bytesSoFar: () => number;
    };

export type BodyReply = Body | { readonly kind: 'refused'; readonly problem: Problem };

const NONE: Body = { kind: 'none' };
const BUFFERED_BYTES_MAX = 64 * 1024;

/** Whether a request announces a body. */
export function hasBody(request: IncomingMessage): boolean {
  const { headers } = request;
  return headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';
}

/**
 * Takes a request's body, at most `bytesMax`. Bodies that a policy reads, and short ones, are buffered; others stream
 * and are cut at the limit. A body that is read must be identity-coded. `isWhole`: it is buffered though nobody reads it.
 */
export function readBody(
  request: LeanRequest,
  bytesMax: number,
  isRead: boolean,
  isWhole = isRead,
): BodyReply | Promise<BodyReply> {
  if (!hasBody(request)) return NONE;
  const { headers } = request;
  const length = headers['content-length'] === undefined ? null : Number(headers['content-length']);
  if (length !== null && length > bytesMax) return tooLarge(bytesMax);
  if (isRead && (headers['content-encoding'] ?? 'identity') !== 'identity') {
    const detail = 'This route reads the body; send it without content encoding.';
    return { kind: 'refused', problem: { slug: 'unsupported-media-type', detail } };
  }
  if (isWhole || (length !== null && length <= BUFFERED_BYTES_MAX)) return buffer(request, bytesMax);
  return streamed(request, bytesMax, length);
}

const CARRIES_BODY: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH']);

/**
 * Why a body that a price depends on cannot be priced before it is looked into, or null: its media type, or that there is
 * nothing in it. Without a body nothing says what the call asks for, and nothing caps it.
 */
export function pricedBodyProblem({ method, headers }: IncomingMessage, body: Body): Problem | null {
  const isEmpty = body.kind === 'none' || (body.kind === 'buffered' && body.bytes.length === 0);
  if (!isEmpty) return mediaProblem(headers['content-type']);
  if (!CARRIES_BODY.has(method ?? '')) return null;
  return { slug: 'bad-request', detail: 'The body must be a JSON object.' };
}

/**
 * Why a body that a price depends on may not read the same to the upstream, or null. One that names no media type is JSON
 * to whoever expects JSON; one that is a form or in another character set would be read as something else.
 */
export function mediaProblem(contentType: string | undefined): Problem | null {
  if (contentType === undefined) return null;
  const [type = '', ...parameters] = contentType.toLowerCase().split(';');
  const charsets = parameters.map((text) => text.trim()).filter((text) => text.startsWith('charset'));
  const isUtf8 = charsets.every((text) => /^charset="?(?:utf-8|utf8|us-ascii)"?$/.test(text));
  if (JSON_TYPE.test(type.trim()) && isUtf8) return null;
  const detail = 'This route reads the body: send it as application/json in UTF-8.';
  return { slug: 'unsupported-media-type', detail };
}

const JSON_TYPE = /^application\/(?:[a-z0-9.-]+\+)?json$/;

function buffer(request: LeanRequest, bytesMax: number): BodyReply | Promise<BodyReply> {
  const collected = request.collect(bytesMax);
  return collected instanceof Promise ? collected.then((one) => replyOf(one, bytesMax)) : replyOf(collected, bytesMax);
}

function replyOf(collected: Collected, bytesMax: number): BodyReply {
  switch (collected.kind) {
    case 'whole':
      return { kind: 'buffered', bytes: collected.bytes };
    case 'too-large':
      return tooLarge(bytesMax);
    case 'broken':
      throw collected.cause;
  }
}

function streamed(request: LeanRequest, bytesMax: number, lengthBytes: number | null): Body {
  let bytes = 0;
  async function* limited(): AsyncIterable<Buffer> {
    for await (const part of request.stream()) {
      bytes += (part as Buffer).length;
      if (bytes > bytesMax) throw new Error(`the body is longer than ${bytesMax} bytes`);
      yield part as Buffer;
    }
  }
  return { kind: 'stream', source: limited(), lengthBytes, bytesSoFar: () => bytes };
}

function tooLarge(bytesMax: number): BodyReply {
  const detail = `The body may have at most ${bytesMax} bytes.`;
  return { kind: 'refused', problem: { slug: 'body-too-large', detail, members: { limit: bytesMax } } };
}
