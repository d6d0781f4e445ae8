import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A call that a file lets through to the upstream, and what it is charged. */
export interface EdgeCall {
  readonly method: string;
  /** As the upstream gets it, with its query. */
  readonly target: string;
  readonly chargedNanoUsd: bigint;
}

/** One raw request of the corpus and what must happen. The format is in `edge/README.md` of this package. */
export interface EdgeFile {
  readonly name: string;
  readonly what: string;
  /** Statuses in order, interim ones included. */
  readonly statuses: readonly number[];
  /** Whether the gateway closes the connection after them. */
  readonly closes: boolean;
  /** Calls that the upstream gets, in any order; never more. */
  readonly calls: readonly EdgeCall[];
  /** Head and body as text, its placeholders unfilled. */
  readonly request: string;
}

/** Texts that only the runner knows, by the name of their placeholder: `key`, `payment`. */
export type EdgeValues = Readonly<Record<string, string>>;

const FOLDER = join(import.meta.dirname, '../../edge');
const RULE = '---\n';
const PLACEHOLDER = /\{\{([a-z]+)(?::([^{}]*))?\}\}/g;

/** Every file of the corpus, by name. Throws where one cannot be read. */
export function edgeFiles(folder: string = FOLDER): readonly EdgeFile[] {
  const names = readdirSync(folder).filter((name) => name.endsWith('.http'));
  return names.sort().map((name) => parseEdgeFile(name, readFileSync(join(folder, name), 'utf8')));
}

/** Reads one file. Throws an error that names it. */
export function parseEdgeFile(name: string, text: string): EdgeFile {
  const wrong = (why: string) => new Error(`${name}: ${why}`);
  const rule = text.indexOf(RULE);
  if (rule === -1) throw wrong('a line --- must end its comments');
  const lines = text.slice(0, rule).split('\n').slice(0, -1);
  if (lines.some((line) => !line.startsWith('# '))) throw wrong('a comment begins with "# "');
  const fields = lines.map((line) => /^# (expect|upstream): (.+)$/.exec(line));
  const valuesOf = (field: string) => fields.flatMap((found) => (found?.[1] === field ? [found[2] as string] : []));
  const what = lines.flatMap((line, index) => (fields[index] === null ? [line.slice(2)] : [])).join(' ');
  const [expected, ...others] = valuesOf('expect');
  if (what === '' || expected === undefined || others.length > 0) throw wrong('it says what it is, and one expect');
  const parts = expected.split(', ');
  const closes = parts.at(-1) === 'closed';
  const statuses = (closes ? parts.slice(0, -1) : parts).map(Number);
  if (statuses.some((status) => !(status >= 100 && status <= 599))) throw wrong(`it expects ${expected}`);
  const upstream = valuesOf('upstream');
  if (upstream.length === 0) throw wrong('it says what the upstream gets');
  const calls = upstream.filter((call) => call !== 'none').map((call) => parseCall(call, wrong));
  return { name, what, statuses, closes, calls, request: text.slice(rule + RULE.length) };
}

function parseCall(text: string, wrong: (why: string) => Error): EdgeCall {
  const [, method, target, charged] = /^(\S+) (\S+) at (\d+)$/.exec(text) ?? [];
  if (method === undefined || target === undefined || charged === undefined) throw wrong(`upstream: ${text}`);
  return { method, target, chargedNanoUsd: BigInt(charged) };
}

/**
 * The bytes of a request: every line feed of the file becomes CRLF, except the last one of a body; a file without an
 * empty line is a head and gets one. Placeholders are filled in afterwards, so that they can say any byte.
 */
export function edgeBytes({ request }: EdgeFile, values: EdgeValues): Buffer {
  const end = request.indexOf('\n\n');
  const head = end === -1 ? request.replace(/\n$/, '') : request.slice(0, end);
  const body = filled(end === -1 ? '' : request.slice(end + 2).replace(/\n$/, ''), values);
  return Buffer.concat([filled(head, { ...values, length: String(body.length) }), Buffer.from('\r\n\r\n'), body]);
}

function filled(text: string, values: EdgeValues): Buffer {
  const parts: Buffer[] = [];
  let at = 0;
  for (const found of text.matchAll(PLACEHOLDER)) {
    const [whole, name = '', argument = ''] = found;
    parts.push(lines(text.slice(at, found.index)), bytesOf(name, argument, values));
    at = found.index + whole.length;
  }
  parts.push(lines(text.slice(at)));
  return Buffer.concat(parts);
}

function lines(text: string): Buffer {
  return Buffer.from(text.replaceAll('\n', '\r\n'), 'utf8');
}

function bytesOf(name: string, argument: string, values: EdgeValues): Buffer {
  switch (name) {
    case 'cr':
      return Buffer.from('\r');
    case 'lf':
      return Buffer.from('\n');
    case 'hex':
      return Buffer.from(argument, 'hex');
    case 'repeat': {
      const [, count = '0', unit = ''] = /^(\d+):(.*)$/.exec(argument) ?? [];
      return Buffer.from(unit.repeat(Number(count)), 'utf8');
    }
    default: {
      const value = values[name];
      if (value === undefined) throw new Error(`nobody knows the placeholder ${name}`);
      return Buffer.from(value, 'utf8');
    }
  }
}
