import { fieldsOf, type OptionField, wordsOf } from './option-fields.ts';
import type { Options } from './options-draft.ts';
import type { PolicyType } from './outputs.ts';

const SHOWN_MAX = 3;

/** What is set, in a line: everything that is not as it is by itself. `Limit 5, by key`. */
export function optionsText({ optionsSchema, defaults }: PolicyType, options: Options): string {
  const said = fieldsOf(optionsSchema).flatMap((field) => {
    const value = options[field.name];
    if (field.name === 'name' || value === undefined || same(value, defaults[field.name])) return [];
    return [fieldText(field, value)];
  });
  const text = said.map(lowerFirst).join(', ');
  return text === '' ? 'As it is by default.' : `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

function fieldText(field: OptionField, value: unknown): string {
  switch (field.kind) {
    case 'switch':
      return value === true ? field.label : `not ${lowerFirst(field.label)}`;
    case 'choice':
      return `${field.label} ${lowerFirst(wordsOf(String(value)))}`;
    case 'rows':
    case 'lines':
      return `${field.label} ${shortened((value as readonly unknown[]).map(itemText))}`;
    case 'record':
      return `${field.label} ${shortened(Object.keys(value as object))}`;
    default:
      return `${field.label} ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`;
  }
}

function itemText(item: unknown): string {
  const { name } = (item ?? {}) as { readonly name?: unknown };
  return typeof name === 'string' ? name : typeof item === 'object' ? JSON.stringify(item) : String(item);
}

function shortened(items: readonly string[]): string {
  if (items.length === 0) return 'none';
  const rest = items.length - SHOWN_MAX;
  return rest > 0 ? `${items.slice(0, SHOWN_MAX).join(' ')} and ${rest} more` : items.join(' ');
}

function lowerFirst(text: string): string {
  return /^[A-Z]{2}/.test(text) ? text : `${text.charAt(0).toLowerCase()}${text.slice(1)}`;
}

/** Both come from one schema: their members stand in one order. */
function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
