import { readFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
type Edits = Readonly<Record<string, readonly { file: string; text: string; replacement: string }[]>>;
// By its path: tools do not depend on e2e, they look after it.
const { edits } = (await import(pathToFileURL(`${root}e2e/faults/plants/edits.mjs`).href)) as { edits: Edits };

describe('plants of the fault suite', () => {
  it('are the six', () => {
    expect(Object.keys(edits)).toEqual([
      ...['skip-reserve', 'drop-spool', 'double-deliver', 'stale-key', 'no-dedupe'],
      'charge-per-token',
    ]);
  });

  it.each(Object.keys(edits))('%s has its place in the sources exactly once', (name) => {
    for (const { file, text, replacement } of edits[name] ?? []) {
      const source = readFileSync(root + file.replace('/dist/', '/src/').replace(/\.js$/, '.ts'), 'utf8');
      expect(source.split(text).length, `${file}: ${text}`).toBe(2);
      expect(replacement).not.toBe(text);
    }
  });
});
