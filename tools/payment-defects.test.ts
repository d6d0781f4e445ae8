import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const rowsOf = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, name]) => name);

describe('docs/payments/defects.md', () => {
  it('has a row for each defect that the report makes happen, and no other', () => {
    const documented = rowsOf(readFileSync(`${root}docs/payments/defects.md`, 'utf8'), /^\| `([a-z0-9-]+)`/gm);
    const files = readdirSync(`${root}e2e/defects`).filter((name) => name.endsWith('-rows.ts'));
    const written = files.flatMap((name) =>
      rowsOf(readFileSync(`${root}e2e/defects/${name}`, 'utf8'), /^ {4}row: '([a-z0-9-]+)',$/gm),
    );
    expect([...documented].sort()).toEqual([...written].sort());
    expect(new Set(documented).size).toBe(documented.length);
    expect(documented.length).toBeGreaterThan(20);
  });
});
