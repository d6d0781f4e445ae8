import { ProblemError } from '@tollwright/core';
import type { z } from 'zod';
import { MODEL_COSTS_MAX, modelCost } from './cost-table.ts';

type ModelCost = z.output<typeof modelCost>;

const COLUMNS = {
  model: 'model',
  input_usd_per_million: 'inputUsdPerMillion',
  cached_input_usd_per_million: 'cachedInputUsdPerMillion',
  cache_write_usd_per_million: 'cacheWriteUsdPerMillion',
  output_usd_per_million: 'outputUsdPerMillion',
  reasoning_usd_per_million: 'reasoningUsdPerMillion',
} as const;
type Column = keyof typeof COLUMNS;

const REQUIRED: readonly Column[] = ['model', 'input_usd_per_million', 'output_usd_per_million'];
const ERRORS_MAX = 20;

interface LineError {
  readonly path: string;
  readonly line: number;
  readonly message: string;
}

/**
 * Reads model costs of a CSV with a line of column names, in any order. An empty cell is a price that is not said. Throws
 * `invalid-input` with what is wrong on which line: `errors: [{ path: 'csv', line, message }]`.
 */
export function readCostCsv(csv: string): ModelCost[] {
  const lines = csv.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/);
  const headAt = Math.max(
    lines.findIndex((line) => line.trim() !== ''),
    0,
  );
  const columns = columnsOf(lines[headAt] ?? '', headAt + 1);
  const costs = new Map<string, ModelCost>();
  const errors: LineError[] = [];
  for (const [index, text] of lines.entries()) {
    if (index <= headAt || text.trim() === '') continue;
    const line = index + 1;
    const read = costOf(columns, text);
    if (typeof read === 'string') errors.push(errorAt(line, read));
    else if (costs.has(read.model)) errors.push(errorAt(line, `${read.model} is on an earlier line too`));
    else costs.set(read.model, read);
    if (costs.size > MODEL_COSTS_MAX) errors.push(errorAt(line, `at most ${MODEL_COSTS_MAX} models can be listed`));
    if (errors.length >= ERRORS_MAX) break;
  }
  if (costs.size === 0 && errors.length === 0) errors.push(errorAt(headAt + 1, 'there is no model below the names'));
  if (errors.length > 0) throw refused(errors);
  return [...costs.values()];
}

function columnsOf(head: string, line: number): readonly Column[] {
  const names = cellsOf(head)?.map((name) => name.trim().toLowerCase());
  if (names === undefined) throw refused([errorAt(line, 'a quote is not closed')]);
  const unknown = names.filter((name) => !(name in COLUMNS));
  const missing = REQUIRED.filter((name) => !names.includes(name));
  const twice = names.filter((name, index) => names.indexOf(name) !== index);
  const errors = [
    ...unknown.map((name) => errorAt(line, `${JSON.stringify(name)} is no column; known are ${list(COLUMNS)}`)),
    ...missing.map((name) => errorAt(line, `the column ${name} is missing`)),
    ...twice.map((name) => errorAt(line, `the column ${name} is there twice`)),
  ];
  if (errors.length > 0) throw refused(errors.slice(0, ERRORS_MAX));
  return names as Column[];
}

/** The cost on a line, or what is wrong with it. */
function costOf(columns: readonly Column[], text: string): ModelCost | string {
  const cells = cellsOf(text);
  if (cells === null) return 'a quote is not closed';
  if (cells.length !== columns.length) return `has ${cells.length} cells; there are ${columns.length} columns`;
  const members: Record<string, string | null> = {};
  for (const [index, column] of columns.entries()) {
    const cell = cells[index]?.trim() ?? '';
    if (cell === '' && REQUIRED.includes(column)) return `${column} is empty`;
    members[COLUMNS[column]] = cell === '' ? null : cell;
  }
  const result = modelCost.safeParse(members);
  if (result.success) return result.data;
  return result.error.issues
    .map(({ path, message }) => `${columns.find((column) => COLUMNS[column] === path[0]) ?? 'this line'} ${message}`)
    .join('; ');
}

/** The cells of a line, quoted or not; null where a quote is not closed. */
function cellsOf(line: string): string[] | null {
  const cells: string[] = [];
  let rest = line;
  for (;;) {
    const [whole = '', quoted, plain = ''] = /^\s*(?:"((?:[^"]|"")*)"\s*(?=,|$)|([^,"]*))/.exec(rest) ?? [];
    cells.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    rest = rest.slice(whole.length);
    if (rest === '') return cells;
    if (!rest.startsWith(',')) return null;
    rest = rest.slice(1);
  }
}

function errorAt(line: number, message: string): LineError {
  return { path: 'csv', line, message: `line ${line}: ${message}` };
}

function list(columns: object): string {
  return Object.keys(columns).join(', ');
}

function refused(errors: readonly LineError[]): ProblemError {
  const detail = errors.map(({ message }) => message).join('; ');
  return new ProblemError({ slug: 'invalid-input', detail, members: { errors } });
}
