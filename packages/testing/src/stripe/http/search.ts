import { invalidParameter } from '../errors.ts';
import { fields, integer, text } from '../params/param.ts';
import type { World } from '../world.ts';

/** The parameters of every search. */
export const searchFields = fields({ limit: integer({ min: 1, max: 100 }), page: text(), query: text() }, ['query']);

type Searched = { readonly id: string; readonly created: number };
type Clause = { negated: boolean; path: string[]; operator: string; value: string };

const clauseSyntax =
  /^\s*(-)?([a-z_.]+)(?:\[(["'])((?:\\.|(?!\3).)*)\3\])?\s*(:|~|>=|<=|>|<)\s*(?:(["'])((?:\\.|(?!\6).)*)\6|(-?\d+|null))/;

/**
 * Answers a search: clauses such as `metadata['order']:'7'`, `status:"succeeded"` and `amount>100`, joined by AND or by OR.
 * An object is found only once it is older than the double's search lag, as Stripe's index is behind too.
 */
export function searchOf<T extends Searched>(
  world: World,
  rows: readonly T[],
  params: { query: string; searchable: readonly string[]; limit?: number; page?: string },
  url: string,
) {
  const { clauses, all } = parseQuery(params.query);
  const unknown = clauses.find(({ path }) => !params.searchable.includes(path[0] ?? ''));
  if (unknown !== undefined)
    throw invalidParameter(`Field \`${unknown.path[0]}\` is an unsupported search field.`, 'query');
  const indexedMs = world.clock.nowMs() - world.searchLagMs;
  const found = rows
    .filter((row) => world.searchLagMs === 0 || row.created * 1000 <= indexedMs)
    .filter((row) => (all ? clauses.every((one) => holds(one, row)) : clauses.some((one) => holds(one, row))));
  const start = Number(params.page ?? 0);
  const end = start + (params.limit ?? 10);
  const more = found.length > end;
  return {
    object: 'search_result',
    data: found.slice(start, end),
    has_more: more,
    next_page: more ? String(end) : null,
    url,
  };
}

function parseQuery(query: string): { clauses: Clause[]; all: boolean } {
  const clauses: Clause[] = [];
  const joints = new Set<string>();
  let rest = query;
  for (;;) {
    const match = clauseSyntax.exec(rest);
    if (match === null) throw unreadable(query);
    const [whole, minus, field = '', , key, operator = '', , quoted, bare] = match;
    const path = [...field.split('.'), ...(key === undefined ? [] : [unescaped(key)])];
    clauses.push({ negated: minus !== undefined, path, operator, value: bare ?? unescaped(quoted ?? '') });
    rest = rest.slice(whole.length).trim();
    if (rest === '') break;
    const joint = /^(AND|OR)\b/i.exec(rest)?.[1];
    if (joint !== undefined) rest = rest.slice(joint.length);
    joints.add(joint?.toUpperCase() ?? 'AND');
  }
  if (joints.size > 1) throw invalidParameter('A query may not mix AND and OR.', 'query');
  return { clauses, all: !joints.has('OR') };
}

function holds({ negated, path, operator, value }: Clause, row: object): boolean {
  const actual = path.reduce<unknown>((at, name) => (at as Record<string, unknown> | null | undefined)?.[name], row);
  return compare(actual, operator, value) !== negated;
}

function compare(actual: unknown, operator: string, value: string): boolean {
  if (value === 'null') return actual === null || actual === undefined;
  if (actual === null || actual === undefined) return false;
  if (operator === ':') return String(actual).toLowerCase() === value.toLowerCase();
  if (operator === '~') return String(actual).toLowerCase().includes(value.toLowerCase());
  const [left, right] = [Number(actual), Number(value)];
  if (operator === '>') return left > right;
  if (operator === '<') return left < right;
  return operator === '>=' ? left >= right : left <= right;
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/g, '$1');
}

function unreadable(query: string) {
  return invalidParameter(`We were unable to parse your search query: ${query}`, 'query');
}
