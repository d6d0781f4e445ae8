import { invalidRequest } from '../errors.ts';
import type { FormValue } from '../params/form.ts';
import { list, text } from '../params/param.ts';

type Json = { [name: string]: unknown };

/** Parts that an object shows only to who expands them, by kind of object. */
const hiddenParts: Readonly<Record<string, readonly string[]>> = {
  'checkout.session': ['line_items'],
  'tax.calculation': ['line_items'],
};
const depthMax = 4;

/** The paths of `expand[]`. */
export function expandPaths(value: FormValue | undefined): string[] {
  return value === undefined ? [] : list(text(), 20)(value, 'expand');
}

/** A copy of an object as it is shown: ids on the paths replaced by what they name, hidden parts taken out. */
export function present(object: object, paths: readonly string[], find: (id: string) => object | undefined): object {
  const shown = structuredClone(object) as Json;
  const lists = shown.object === 'list' || shown.object === 'search_result';
  for (const path of paths) {
    const parts = path.split('.');
    if (parts.length > depthMax) throw invalidRequest(`You cannot expand more than ${depthMax} levels of a property.`);
    if (lists && parts[0] !== 'data') throw cannotExpand(path);
    expandAt(shown, parts, path, find);
  }
  hide(shown, '', new Set(paths.map((path) => path.replace(/^data\./, ''))));
  return shown;
}

function expandAt(at: Json, parts: readonly string[], path: string, find: (id: string) => object | undefined): void {
  const [name = '', ...rest] = parts;
  if (!Object.hasOwn(at, name)) throw cannotExpand(path);
  const value = at[name];
  if (value === null) return;
  if (typeof value === 'string') {
    const found = find(value);
    if (found === undefined) throw cannotExpand(path);
    at[name] = structuredClone(found);
  }
  if (rest.length === 0) {
    if (typeof value !== 'string' && typeof value !== 'object') throw cannotExpand(path);
    return;
  }
  const items = Array.isArray(at[name]) ? at[name] : [at[name]];
  for (const item of items) expandAt(item as Json, rest, path, find);
}

function cannotExpand(path: string) {
  return invalidRequest(`This property cannot be expanded (${path}).`);
}

function hide(value: unknown, path: string, expanded: ReadonlySet<string>): void {
  if (Array.isArray(value)) for (const item of value) hide(item, path, expanded);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
  const object = value as Json;
  for (const name of hiddenParts[String(object.object)] ?? []) {
    if (!expanded.has(path === '' ? name : `${path}.${name}`)) delete object[name];
  }
  for (const [name, part] of Object.entries(object)) {
    hide(part, name === 'data' && path === '' ? '' : [path, name].filter(Boolean).join('.'), expanded);
  }
}
