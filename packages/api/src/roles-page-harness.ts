import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A row of docs/security/roles.md about an organization's procedure. */
export interface RoleRow {
  readonly procedure: string;
  /** `GET /agents`, or null for what only the portal uses. */
  readonly operation: string | null;
  readonly nobody: string;
  readonly viewer: string;
  readonly otherProvider: string;
  readonly otherCustomer: string;
  readonly restOtherProvider: string;
  readonly restOtherCustomer: string;
}

/** What the page says, row by row; the second table by procedure. */
export function readRolesPage(): { rows: RoleRow[]; people: Map<string, string> } {
  const text = readFileSync(join(import.meta.dirname, '../../../docs/security/roles.md'), 'utf8');
  const rows: RoleRow[] = [];
  const people = new Map<string, string>();
  for (const line of text.split('\n')) {
    const cells = line.split('|').map((cell) => cell.trim());
    const procedure = cells[1] ?? '';
    if (!/^[a-zA-Z]+\.[a-zA-Z]+$/.test(procedure)) continue;
    if (cells.length === 4) people.set(procedure, cells[2] ?? '');
    else rows.push(toRow(procedure, cells));
  }
  return { rows, people };
}

function toRow(procedure: string, cells: readonly string[]): RoleRow {
  const [
    ,
    ,
    operation = '',
    nobody = '',
    viewer = '',
    otherProvider = '',
    otherCustomer = '',
    restProvider = '',
    restCustomer = '',
  ] = cells;
  return {
    procedure,
    operation: operation === 'portal only' ? null : operation,
    nobody,
    viewer,
    otherProvider,
    otherCustomer,
    restOtherProvider: restProvider,
    restOtherCustomer: restCustomer,
  };
}
