import type { OptionField } from './option-fields.ts';

export type Options = Readonly<Record<string, unknown>>;

/** A line of a record while it is typed. */
export interface DraftPair {
  readonly name: string;
  readonly value: string;
}

/** Options while they are typed: texts, switches, rows of fields, pairs of a record. */
export interface OptionsDraft {
  readonly [name: string]: DraftValue;
}
export type DraftValue = string | boolean | readonly DraftPair[] | readonly OptionsDraft[];

/** Options ready to be typed over. What is missing is as it is by default, or an empty field. */
export function draftOf(fields: readonly OptionField[], options: Options): OptionsDraft {
  return Object.fromEntries(
    fields.map((field) => [field.name, draftValueOf(field, options[field.name] ?? field.initial)]),
  );
}

/** What is wrong, by path below the options: `limit`, `counters.0.limit`, `tiers.premium_tokens`. */
export type OptionErrors = Readonly<Record<string, string>>;

export type TypedOptions =
  | { readonly kind: 'options'; readonly options: Options }
  | { readonly kind: 'wrong'; readonly errors: OptionErrors };

/**
 * The options that a draft says, or what keeps it from saying any. Empty texts and numbers are left out, so that defaults
 * fill them in. Whether options are right is the server's to say.
 */
export function optionsOf(fields: readonly OptionField[], draft: OptionsDraft): TypedOptions {
  const errors: Record<string, string> = {};
  const options = read(fields, draft, '', errors);
  return Object.keys(errors).length > 0 ? { kind: 'wrong', errors } : { kind: 'options', options };
}

function draftValueOf(field: OptionField, value: unknown): DraftValue {
  switch (field.kind) {
    case 'switch':
      return value === true;
    case 'lines':
      return asList(value).map(String).join('\n');
    case 'rows':
      return asList(value).map((row) => draftOf(field.fields, asObject(row)));
    case 'record':
      return Object.entries(asObject(value)).map(([name, held]) => ({
        name,
        value: asList(held).map(String).join('\n'),
      }));
    case 'json':
      return value === undefined ? '' : JSON.stringify(value, null, 2);
    case 'choice':
      return value === undefined ? (field.choices[0]?.value ?? '') : String(value);
    default:
      return value === undefined || value === null ? '' : String(value);
  }
}

function read(
  fields: readonly OptionField[],
  draft: OptionsDraft,
  at: string,
  errors: Record<string, string>,
): Options {
  return Object.fromEntries(
    fields.flatMap((field) => {
      const value = readField(field, draft[field.name], `${at}${field.name}`, errors);
      return value === undefined ? [] : [[field.name, value]];
    }),
  );
}

function readField(
  field: OptionField,
  typed: DraftValue | undefined,
  path: string,
  errors: Record<string, string>,
): unknown {
  switch (field.kind) {
    case 'switch':
      return typed === true;
    case 'number':
      return textOf(typed) === '' ? undefined : numberOf(textOf(typed), path, errors);
    case 'lines':
      return linesOf(textOf(typed)).map((line, index) =>
        field.of === 'number' ? numberOf(line, `${path}.${index}`, errors) : line,
      );
    case 'rows':
      return rowsOf(typed).map((row, index) => read(field.fields, row, `${path}.${index}.`, errors));
    case 'record':
      return readRecord(field.of, typed, path, errors);
    case 'json':
      return textOf(typed) === '' ? undefined : jsonOf(textOf(typed), path, errors);
    default:
      return textOf(typed) === '' ? undefined : textOf(typed);
  }
}

function readRecord(
  of: 'text' | 'number' | 'lines',
  typed: DraftValue | undefined,
  path: string,
  errors: Record<string, string>,
): Options {
  const record = new Map<string, unknown>();
  for (const pair of pairsOf(typed)) {
    const [name, value] = [pair.name.trim(), pair.value.trim()];
    if (name === '' && value === '') continue;
    const here = `${path}.${name}`;
    if (record.has(name)) errors[here] = 'This name stands above.';
    record.set(name, of === 'lines' ? linesOf(value) : of === 'number' ? numberOf(value, here, errors) : value);
  }
  return Object.fromEntries(record);
}

function numberOf(text: string, path: string, errors: Record<string, string>): number {
  const value = Number(text.replaceAll(',', ''));
  if (text === '' || !Number.isFinite(value)) errors[path] = 'Write a number.';
  return value;
}

function jsonOf(text: string, path: string, errors: Record<string, string>): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    errors[path] = 'This is not JSON.';
    return undefined;
  }
}

function textOf(typed: DraftValue | undefined): string {
  return typeof typed === 'string' ? typed.trim() : '';
}

/** What was typed one a line; empty lines are left out. */
export function linesOf(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

export function rowsOf(typed: DraftValue | undefined): readonly OptionsDraft[] {
  return Array.isArray(typed) ? (typed as readonly OptionsDraft[]) : [];
}

export function pairsOf(typed: DraftValue | undefined): readonly DraftPair[] {
  return Array.isArray(typed) ? (typed as readonly DraftPair[]) : [];
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : value === undefined || value === null ? [] : [value];
}

function asObject(value: unknown): Options {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Options) : {};
}
