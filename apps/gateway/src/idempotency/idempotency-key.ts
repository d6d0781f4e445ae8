import { hash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Problem } from '@tollwright/core';
import type { Subject } from '../pipeline/decide.ts';

const CHARACTERS_MAX = 255;
const PRINTABLE = /^[\x21-\x7e]+$/;

/** What a request says of its idempotency. */
export type ShownKey =
  | { readonly kind: 'none' }
  | { readonly kind: 'key'; readonly key: string }
  | { readonly kind: 'refused'; readonly problem: Problem };

const NONE: ShownKey = { kind: 'none' };

/** Reads `Idempotency-Key`: 1 to 255 visible characters. */
export function shownKey(headers: IncomingHttpHeaders): ShownKey {
  const key = headers['idempotency-key'];
  if (key === undefined) return NONE;
  if (typeof key === 'string' && key.length <= CHARACTERS_MAX && PRINTABLE.test(key)) return { kind: 'key', key };
  const detail = `Idempotency-Key must be one field of 1 to ${CHARACTERS_MAX} visible ASCII characters.`;
  return { kind: 'refused', problem: { slug: 'bad-request', detail } };
}

/** Names a call among all: the API, the agent's key, and what it chose. Nobody else's key leads to it. */
export function answerKeyOf({ api, principal }: Pick<Subject, 'api' | 'principal'>, key: string): string {
  return `${api.snapshot.apiId}:${principal.key.keyId}:${hash('sha256', key, 'hex')}`;
}
