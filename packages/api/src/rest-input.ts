import { ProblemError } from '@tollwright/core';
import { z } from 'zod';
import type { Operation } from './operation.ts';
import { invalidInput } from './trpc.ts';

const BODY_BYTES_MAX = 8 * 1024 * 1024;

export type Members = Readonly<Record<string, unknown>>;

/** What a request says: its body's text, and the members of its query or body. */
export interface Sent {
  readonly bodyText: string;
  readonly members: Members;
}

/** Reads a request for an operation. Throws `bad-request`, `body-too-large` and `unsupported-media-type`. */
export async function readSent(request: Request, operation: Operation): Promise<Sent> {
  const { method } = operation;
  if (method === 'GET' || method === 'DELETE') return { bodyText: '', members: queryMembers(request, operation) };
  const bodyText = await readText(request);
  // An operation whose document names no body is called without one, and without a media type.
  if (bodyText === '') return { bodyText, members: {} };
  assertMediaType(request, operation);
  return { bodyText, members: bodyMembers(bodyText, operation) };
}

function assertMediaType(request: Request, { wholeBody }: Operation): void {
  const [type = ''] = (request.headers.get('content-type') ?? '').split(';');
  const known = ['application/json', ...(wholeBody?.mediaTypes ?? [])];
  if (known.includes(type.trim().toLowerCase())) return;
  throw new ProblemError({ slug: 'unsupported-media-type', detail: `Send ${known.join(' or ')}.` });
}

/** The operation's input, with every error listed at once: an unknown member is one, so that no typing error passes. */
export function checkInput(operation: Operation, pathMembers: Members, sent: Members): Members {
  const twice = Object.keys(sent).filter((name) => name in pathMembers);
  if (twice.length > 0) throw invalidInput(twice.map((path) => ({ path, message: 'is named by the path' })));
  const input = { ...sent, ...pathMembers };
  const result = operation.input.strict().safeParse(input);
  if (!result.success) throw invalidInput(issuesOf(result.error));
  return input;
}

function issuesOf(error: z.ZodError): { path: string; message: string }[] {
  return error.issues.flatMap((issue) => {
    const path = issue.path.join('.');
    if (issue.code !== 'unrecognized_keys') return [{ path, message: issue.message }];
    return issue.keys.map((key) => ({
      path: [...issue.path, key].join('.'),
      message: 'is not a member of this request',
    }));
  });
}

/**
 * Numbers and booleans of a query string are text: they are read where, and only where, the schema asks for one. What the
 * schema has as a list may come once; what it has as a record comes as `name[key]=text`.
 */
function queryMembers(request: Request, { input }: Operation): Members {
  const query = new URL(request.url).searchParams;
  const members: Record<string, unknown> = {};
  for (const name of new Set(query.keys())) {
    const texts = query.getAll(name);
    const [, record, key] = /^(\w+)\[([^\]]+)\]$/.exec(name) ?? [];
    if (record !== undefined && key !== undefined && innerOf(input.shape[record]) instanceof z.ZodRecord) {
      members[record] = { ...(members[record] as Members), [key]: texts.length === 1 ? texts[0] : texts };
    } else {
      members[name] = texts.length === 1 ? readAs(input.shape[name], texts[0] ?? '') : texts;
    }
  }
  return members;
}

function readAs(schema: z.core.$ZodType | undefined, text: string): unknown {
  const inner = innerOf(schema);
  if (inner instanceof z.ZodArray) return [text];
  if (inner instanceof z.ZodBoolean && (text === 'true' || text === 'false')) return text === 'true';
  if (inner instanceof z.ZodNumber && /^-?\d{1,15}(\.\d{1,15})?$/.test(text)) return Number(text);
  return text;
}

function innerOf(schema: z.core.$ZodType | undefined): z.core.$ZodType | undefined {
  let inner = schema;
  while (inner instanceof z.ZodOptional || inner instanceof z.ZodNullable || inner instanceof z.ZodPipe) {
    inner = inner instanceof z.ZodPipe ? inner.in : inner.unwrap();
  }
  return inner;
}

function bodyMembers(text: string, { wholeBody }: Operation): Members {
  const unreadable = (detail: string) => new ProblemError({ slug: 'bad-request', detail });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw unreadable('The body is not JSON.');
  }
  if (wholeBody !== null) return { [wholeBody.member]: Array.isArray(value) ? value : [value] };
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw unreadable('The body must be a JSON object.');
  }
  return value as Members;
}

async function readText(request: Request): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  // What is too much is read too, and dropped: an answer before the end of a body would reset the connection.
  for await (const part of request.body ?? []) {
    bytes += part.byteLength;
    if (bytes <= BODY_BYTES_MAX) parts.push(part);
  }
  if (bytes > BODY_BYTES_MAX) {
    const detail = `At most ${BODY_BYTES_MAX} bytes are read.`;
    throw new ProblemError({ slug: 'body-too-large', detail, members: { limit: BODY_BYTES_MAX } });
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(parts));
  } catch {
    throw new ProblemError({ slug: 'bad-request', detail: 'The body is not UTF-8.' });
  }
}
