import { createHash } from 'node:crypto';
import type { PolicyCall } from '../policy-call.ts';

/** Whom a limit counts. */
export const SUBJECTS = ['customer', 'agent', 'key', 'ip', 'header', 'function'] as const;
export type SubjectKind = (typeof SUBJECTS)[number];

/** Functions that options may name: what of a call tells its subject. */
const FUNCTIONS = {
  model: (call: PolicyCall) => memberOf(call, 'model'),
  user: (call: PolicyCall) => memberOf(call, 'user'),
  path: ({ path }: PolicyCall) => path,
  operation: ({ operationId }: PolicyCall) => operationId,
} as const satisfies Record<string, (call: PolicyCall) => string>;

export type SubjectFunction = keyof typeof FUNCTIONS;
export const SUBJECT_FUNCTIONS = Object.keys(FUNCTIONS) as [SubjectFunction, ...SubjectFunction[]];

/** Functions that read the body. */
export const BODY_FUNCTIONS: ReadonlySet<SubjectFunction> = new Set(['model', 'user']);

export interface SubjectOptions {
  readonly by: SubjectKind;
  readonly header: string;
  readonly function: SubjectFunction;
}

/**
 * Who a call counts for, as a short text; what callers write themselves is hashed. Strangers, who have no account, count
 * by their address where an account is asked for.
 */
export function createSubject(options: SubjectOptions): (call: PolicyCall) => string {
  const { by, header } = options;
  const read = FUNCTIONS[options.function];
  switch (by) {
    case 'customer':
      return ({ principal, clientIp }) => principal?.customer.customerId ?? `ip:${clientIp}`;
    case 'agent':
      return ({ principal, clientIp }) => principal?.key.agentId ?? `ip:${clientIp}`;
    case 'key':
      return ({ principal, clientIp }) => principal?.key.keyId ?? `ip:${clientIp}`;
    case 'ip':
      return ({ clientIp }) => `ip:${clientIp}`;
    case 'header':
      return (call) => `header:${digest(call.header(header) ?? '')}`;
    case 'function':
      return (call) => `${options.function}:${digest(read(call))}`;
  }
}

function memberOf(call: PolicyCall, name: string): string {
  const read = call.document();
  if (read.kind !== 'json' || typeof read.value !== 'object' || read.value === null) return '';
  const value = (read.value as Readonly<Record<string, unknown>>)[name];
  return typeof value === 'string' ? value : '';
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 22);
}
