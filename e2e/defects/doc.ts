import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

/** The names of the rows in docs/payments/defects.md, in their order. */
export function documentedRows(): readonly string[] {
  const text = readFileSync(resolve(import.meta.dirname, '../../docs/payments/defects.md'), 'utf8');
  return [...text.matchAll(/^\| `([a-z0-9-]+)`/gm)].map(([, name]) => name ?? '');
}
