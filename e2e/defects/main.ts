/**
 * `npm run report:payment-defects`: makes each defect of docs/payments/defects.md happen, to a running gateway and to live servers of
 * the libraries, and writes what was seen to reports/payment-defects.json. Exit 1 where ours is not as it has to be.
 */
import { isDeepStrictEqual } from 'node:util';
import { closeOnSignals } from '../faults/open-things.ts';
import { writeReport } from '../faults/report.ts';
import { documentedRows } from './doc.ts';
import { type Lab, openLab, type Seen } from './lab.ts';
import type { DefectRow } from './row.ts';
import { ROWS } from './rows.ts';

interface Reported {
  readonly row: string;
  readonly ours: Seen | string;
  readonly library: Seen | string;
  /** Whether the library's side was run now. */
  readonly ran: boolean;
}

closeOnSignals();
const wanted = process.argv.slice(2);
const rows = ROWS.filter(({ row }) => wanted.length === 0 || wanted.includes(row));
const lab = await openLab();
const reported: Reported[] = [];
const wrong: string[] = [];
try {
  for (const row of rows) {
    const one = await report(lab, row);
    reported.push(one);
    const isAsExpected = isDeepStrictEqual(one.ours, row.expected);
    if (!isAsExpected) wrong.push(`${row.row}: ${JSON.stringify(one.ours)} instead of ${JSON.stringify(row.expected)}`);
    process.stdout.write(
      `${isAsExpected ? 'ok  ' : 'FAIL'} ${row.row}\n       ours ${said(one.ours)}\n    library ${said(one.library)}\n`,
    );
  }
} finally {
  await lab.close();
}
if (wanted.length === 0) {
  writeReport('payment-defects.json', reported);
  const missing = documentedRows().filter((name) => !reported.some(({ row }) => row === name));
  wrong.push(...missing.map((name) => `${name}: nothing was run`));
}
for (const line of wrong) process.stderr.write(`${line}\n`);
process.exit(wrong.length === 0 ? 0 : 1);

async function report(on: Lab, { row, ours, library }: DefectRow): Promise<Reported> {
  const own = await ours(on).catch(failure);
  if ('notRun' in library) return { row, ours: own, library: library.notRun, ran: false };
  const theirs = await library(on).catch(failure);
  return { row, ours: own, library: theirs, ran: typeof theirs !== 'string' };
}

function failure(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function said(seen: Seen | string): string {
  return typeof seen === 'string' ? seen : JSON.stringify(seen);
}
