import { invalidParameter } from '../errors.ts';

/** A parameter as it was sent: a text, or named parts. A list is a record whose names are 0, 1, 2. */
export type FormValue = string | FormRecord;
export type FormRecord = ReadonlyMap<string, FormValue>;

type Building = Map<string, string | Building>;

const nameSyntax = /^([^[\]]+)((?:\[[^[\]]*\])*)$/;
const depthMax = 12;

/** Reads `a=1&b[c]=2&d[]=3&e[0][f]=4`, of a body or a query. A name that is malformed or given twice is refused. */
export function decodeForm(text: string): FormRecord {
  const root: Building = new Map();
  for (const [name, value] of new URLSearchParams(text)) {
    const match = nameSyntax.exec(name);
    const rest = [...(match?.[2] ?? '').matchAll(/\[([^[\]]*)\]/g)].map((part) => part[1] ?? '');
    if (match === null || rest.length > depthMax) throw invalidParameter(`Invalid parameter name: ${name}`, name);
    put(root, [match[1] ?? '', ...rest], value, name);
  }
  return root;
}

function put(root: Building, path: readonly string[], value: string, name: string): void {
  let at = root;
  for (const [depth, part] of path.entries()) {
    const key = part === '' ? String(at.size) : part;
    const known = at.get(key);
    if (depth === path.length - 1) {
      if (known !== undefined) throw invalidParameter(`Parameter given twice: ${name}`, name);
      at.set(key, value);
      return;
    }
    if (typeof known === 'string') throw invalidParameter(`Parameter given twice: ${name}`, name);
    const next: Building = known ?? new Map();
    at.set(key, next);
    at = next;
  }
}

/** Every parameter by its full name, sorted, so that two requests with the same parameters have the same text. */
export function canonicalForm(text: string): string {
  return [...new URLSearchParams(text)]
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .sort()
    .join('&');
}
