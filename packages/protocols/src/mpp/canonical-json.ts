/** JSON as requests of MPP hold it: numbers are integers within 2^53. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;
export type JsonObject = { readonly [name: string]: JsonValue };

const depthMax = 16;
const loneSurrogate = /\p{Surrogate}/u;

/**
 * Writes JSON in the one form that everybody writes it in, so that its bytes can be signed: no spaces, members by the order
 * of their UTF-16 code units. Throws TypeError for what would not read back the same: numbers that are no integers within
 * 2^53, lone surrogates, `undefined`, objects with a class, more than 16 levels. Source: RFC 8785.
 */
export function canonicalJson(value: JsonValue): string {
  return write(value, depthMax);
}

function write(value: unknown, levels: number): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return writeString(value);
  if (typeof value === 'number') return writeInteger(value);
  if (typeof value !== 'object') throw new TypeError(`JSON has no ${typeof value}`);
  if (levels === 0) throw new TypeError(`JSON is nested deeper than ${depthMax} levels`);
  if (Array.isArray(value)) return `[${Array.from(value, (item) => write(item, levels - 1)).join(',')}]`;
  return writeObject(value, levels);
}

function writeObject(value: object, levels: number): string {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) throw new TypeError('an object with a class is not JSON');
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, item]) => `${writeString(name)}:${write(item, levels - 1)}`).join(',')}}`;
}

function writeString(text: string): string {
  if (loneSurrogate.test(text)) throw new TypeError('a lone surrogate is not Unicode');
  return JSON.stringify(text);
}

function writeInteger(value: number): string {
  if (!Number.isSafeInteger(value)) throw new TypeError('a number must be an integer within 2^53');
  return String(value);
}
