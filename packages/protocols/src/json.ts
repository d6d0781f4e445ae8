import { malformed, ok, type Parsed } from './parsed.ts';

const depthMax = 16;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const strings = /"[^"\\]*(?:\\.[^"\\]*)*"/g;

/** Reads JSON. Refuses bad UTF-8, a byte order mark and more than 16 levels. */
export function decodeJson(bytes: Uint8Array): Parsed<unknown> {
  const read = readText(bytes);
  return read.kind === 'ok' ? ok(read.value.value) : read;
}

/** Reads JSON likewise, and refuses an object that has two members of one name: other readers might take the other. */
export function decodeUnambiguousJson(bytes: Uint8Array): Parsed<unknown> {
  const read = readText(bytes);
  if (read.kind === 'malformed') return read;
  const { text, value } = read.value;
  return writtenMembers(text) === keptMembers(value) ? ok(value) : malformed('a member occurs twice');
}

function readText(bytes: Uint8Array): Parsed<{ readonly text: string; readonly value: unknown }> {
  try {
    const text = utf8.decode(bytes);
    const value: unknown = JSON.parse(text);
    return isShallow(value, depthMax) ? ok({ text, value }) : malformed(`nested deeper than ${depthMax} levels`);
  } catch {
    return malformed('not JSON in UTF-8');
  }
}

function isShallow(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return levels > 0 && Object.values(value).every((item) => isShallow(item, levels - 1));
}

/** Outside of strings, a colon stands in members only. */
function writtenMembers(text: string): number {
  return text.replace(strings, '').split(':').length - 1;
}

function keptMembers(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const items: readonly unknown[] = Object.values(value);
  return items.reduce<number>((sum, item) => sum + keptMembers(item), Array.isArray(value) ? 0 : items.length);
}
