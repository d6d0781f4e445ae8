import { z } from 'zod';
import { invalid } from '../refusals.ts';
import { isObject, type JsonObject } from './openapi-document.ts';

export const operationOutput = z.object({
  operationId: z.string(),
  method: z.string(),
  pathTemplate: z.string(),
  summary: z.string(),
});
export type Operation = z.output<typeof operationOutput>;

export interface ReadOperations {
  readonly operations: readonly Operation[];
  readonly warnings: readonly string[];
}

const METHODS = ['get', 'head', 'post', 'put', 'patch', 'delete', 'options'] as const;
const OPERATIONS_MAX = 2_000;

/** The operations of a document, in its order. Throws `invalid-input` for what could never be routed. */
export function readOperations(document: JsonObject): ReadOperations {
  const warnings: string[] = [];
  const operations: Operation[] = [];
  const ids = new Set<string>();
  const shapes = new Map<string, string>();
  for (const [path, value] of Object.entries(isObject(document.paths) ? document.paths : {})) {
    assertPath(path);
    const item = resolveItem(document, value);
    if (!item) {
      warnings.push(`${path} was left out: its reference leads to another document or nowhere.`);
      continue;
    }
    if (item.trace !== undefined) warnings.push(`TRACE ${path} was left out.`);
    for (const method of METHODS) {
      const operation = item[method];
      if (!isObject(operation)) continue;
      assertUnambiguous(shapes, method, path);
      operations.push(describe(operation, method, path, ids, warnings));
    }
  }
  if (operations.length === 0) throw invalid('source', 'has no operations');
  if (operations.length > OPERATIONS_MAX) throw invalid('source', `has more than ${OPERATIONS_MAX} operations`);
  return { operations, warnings };
}

function describe(
  operation: JsonObject,
  method: string,
  path: string,
  ids: Set<string>,
  warnings: string[],
): Operation {
  const stated = typeof operation.operationId === 'string' ? operation.operationId.trim().slice(0, 100) : '';
  let operationId = stated || derivedId(method, path);
  for (let copy = 2; ids.has(operationId); copy += 1) {
    const next = `${stated || derivedId(method, path)}_${copy}`;
    if (!ids.has(next)) warnings.push(`${method.toUpperCase()} ${path} is named ${next}: its operationId is taken.`);
    operationId = next;
  }
  ids.add(operationId);
  const summary = typeof operation.summary === 'string' ? operation.summary.trim().slice(0, 200) : '';
  return { operationId, method: method.toUpperCase(), pathTemplate: path, summary };
}

function derivedId(method: string, path: string): string {
  const words = path.replace(/[^A-Za-z0-9]+/g, '_').replace(/^_+|_+$/g, '');
  return `${method}_${words || 'root'}`.slice(0, 100);
}

/** Below `_tw` are Tollwright's own addresses. */
function assertPath(path: string): void {
  if (!path.startsWith('/') || path.length > 500)
    throw invalid('source', `the path ${path.slice(0, 80)} must begin with /`);
  if (path === '/_tw' || path.startsWith('/_tw/'))
    throw invalid('source', `the path ${path} is reserved: nothing may lie below /_tw`);
  if (/[?#\\\p{Cc}]/u.test(path) || path.split('/').some((segment) => segment === '.' || segment === '..')) {
    throw invalid('source', `the path ${path.slice(0, 80)} cannot be routed`);
  }
}

function assertUnambiguous(shapes: Map<string, string>, method: string, path: string): void {
  const shape = `${method} ${path.replace(/\{[^}]*\}/g, '{}')}`;
  const other = shapes.get(shape);
  if (other !== undefined) throw invalid('source', `${method.toUpperCase()} ${path} and ${other} match the same calls`);
  shapes.set(shape, path);
}

function resolveItem(document: JsonObject, value: unknown): JsonObject | null {
  if (!isObject(value)) return null;
  if (typeof value.$ref !== 'string') return value;
  if (!value.$ref.startsWith('#/')) return null;
  let target: unknown = document;
  for (const step of value.$ref.slice(2).split('/')) {
    const name = step.replaceAll('~1', '/').replaceAll('~0', '~');
    target = isObject(target) && Object.hasOwn(target, name) ? target[name] : undefined;
  }
  return isObject(target) && target.$ref === undefined ? target : null;
}

/** The first server's address with its variables' defaults; null when it names none that is absolute. */
export function serverUrlOf(document: JsonObject, documentUrl: string | null): string | null {
  const server: unknown = Array.isArray(document.servers) ? document.servers[0] : null;
  if (!isObject(server) || typeof server.url !== 'string') return null;
  const variables = isObject(server.variables) ? server.variables : {};
  const url = server.url.replace(/\{([^}]+)\}/g, (whole, name: string) => {
    const variable = variables[name];
    return isObject(variable) && typeof variable.default === 'string' ? variable.default : whole;
  });
  if (documentUrl !== null && URL.canParse(url, documentUrl)) return new URL(url, documentUrl).href.replace(/\/+$/, '');
  return /^https?:\/\//.test(url) && URL.canParse(url) ? url.replace(/\/+$/, '') : null;
}
