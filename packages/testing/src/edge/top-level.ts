/** A member of a JSON object as it is written: its name resolved, its value parsed. */
export type Entry = readonly [name: string, value: unknown];

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\]:,]|[^\s{}[\]:,"]+/gs;

/** The members of the object that a JSON text is, in order, duplicates included; null where it is no object. */
export function topLevelEntries(text: string): readonly Entry[] | null {
  if (!/^\s*\{/.test(text)) return null;
  const entries: Entry[] = [];
  let depth = 0;
  let name: string | null = null;
  let from = 0;
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    if (depth === 1 && (token === ',' || token === '}')) {
      if (name !== null) entries.push([name, JSON.parse(text.slice(from, index))]);
      name = null;
    } else if (depth === 1 && name === null) {
      name = JSON.parse(token) as string;
      from = text.indexOf(':', index + token.length) + 1;
    }
    if (token === '{' || token === '[') depth++;
    else if (token === '}' || token === ']') depth--;
  }
  return entries;
}
