import type { z } from 'zod';
import { appRouter } from './router.ts';
import type { ProcedureMeta, WholeBody } from './trpc.ts';

/** An operation of the management API: a procedure with its address. */
export interface Operation {
  /** `agent.get` */
  readonly procedure: string;
  readonly method: string;
  readonly segments: readonly string[];
  readonly input: z.ZodObject;
  readonly wholeBody: WholeBody | null;
  /** Of the file that it answers; null: JSON. */
  readonly fileType: string | null;
}

export type FoundOperation =
  | { readonly kind: 'found'; readonly operation: Operation; readonly pathMembers: Readonly<Record<string, string>> }
  | { readonly kind: 'other-method'; readonly methods: readonly string[] }
  | { readonly kind: 'unknown' };

interface AddressedProcedure {
  readonly _def: { readonly meta?: ProcedureMeta; readonly inputs: readonly z.ZodObject[] };
}

const operations = Object.entries(appRouter._def.procedures as unknown as Record<string, AddressedProcedure>)
  .flatMap(([procedure, { _def }]) => operationOf(procedure, _def))
  // A fixed segment goes before one that takes anything.
  .sort((a, b) => parameters(a) - parameters(b));

/** The member of an operation's input that its whole body is, by its method and path template; null where it is the input. */
export function wholeBodyOf(method: string, template: string): WholeBody | null {
  return operationAt(method, template)?.wholeBody ?? null;
}

/** The media type of the file that an operation answers; null where it answers JSON. */
export function fileTypeOf(method: string, template: string): string | null {
  return operationAt(method, template)?.fileType ?? null;
}

function operationAt(method: string, template: string): Operation | undefined {
  const segments = template.split('/').slice(1).join('/');
  return operations.find((one) => one.method === method && one.segments.join('/') === segments);
}

/** What a method and a path (below the endpoint) mean. */
export function findOperation(method: string, path: string): FoundOperation {
  const segments = path.split('/').slice(1);
  const here = operations.flatMap((operation) => {
    const pathMembers = match(operation.segments, segments);
    return pathMembers === null ? [] : [{ kind: 'found' as const, operation, pathMembers }];
  });
  if (here.length === 0) return { kind: 'unknown' };
  const wanted = method === 'HEAD' ? 'GET' : method;
  const methods = here.map(({ operation }) => operation.method);
  return here.find(({ operation }) => operation.method === wanted) ?? { kind: 'other-method', methods };
}

function operationOf(procedure: string, { meta, inputs }: AddressedProcedure['_def']): Operation[] {
  const [input] = inputs;
  if (meta?.openapi === undefined || input === undefined) return [];
  const { wholeBody = null, fileType = null } = meta;
  const { method, path } = meta.openapi;
  return [{ procedure, method, segments: path.split('/').slice(1), input, wholeBody, fileType }];
}

function parameters({ segments }: Operation): number {
  return segments.filter(parameterName).length;
}

function parameterName(segment: string): string | null {
  return /^\{(\w+)\}$/.exec(segment)?.[1] ?? null;
}

function match(template: readonly string[], segments: readonly string[]): Record<string, string> | null {
  if (template.length !== segments.length) return null;
  const members: Record<string, string> = {};
  for (const [index, wanted] of template.entries()) {
    const segment = segments[index] ?? '';
    const name = parameterName(wanted);
    if (name === null && segment !== wanted) return null;
    if (name !== null) members[name] = decoded(segment);
  }
  return members;
}

/** What cannot be decoded is no id of anything and stays as it is. */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
