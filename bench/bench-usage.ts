import type { Ends } from './ends.ts';
import { store } from './report.ts';
import { openBooks } from './usage/books.ts';
import { fill } from './usage/fill.ts';
import { type IngestionRow, timeIngestion } from './usage/ingestion.ts';
import { type QuestionRow, timeQuestions } from './usage/questions.ts';

const EVENTS_DEFAULT = 5_000_000;

/** Times how events come in, and how the portal's questions are answered over five million of them, or `count`. */
export async function benchUsage(ends: Ends, count: string = String(EVENTS_DEFAULT)): Promise<void> {
  const events = Number(count);
  if (!Number.isSafeInteger(events) || events < 1) throw new Error(`${count} is no number of events`);
  const books = await openBooks(ends);
  const ingestion = await timeIngestion(books);
  printIngestion(ingestion);
  const filled = await fill(books, events);
  const questions = await timeQuestions(books, filled);
  printQuestions(events, filled.rolledUpPerSecond, questions);
  store(events === EVENTS_DEFAULT ? 'usage' : `usage-${events}`, {
    ...{ ingestion, events, rolledUpPerSecond: filled.rolledUpPerSecond, questions },
  });
}

function printIngestion(rows: readonly IngestionRow[]): void {
  process.stdout.write('\ninto PostgreSQL with roll-ups; sent again, none came twice\n');
  for (const { what, perSecond, ratioToCopy } of rows) {
    const rate = `${perSecond.toFixed(0).padStart(8)} a second`;
    process.stdout.write(`  ${what.padEnd(46)} ${rate}  ${ratioToCopy.toFixed(3)} x COPY\n`);
  }
}

function printQuestions(events: number, perSecond: number, rows: readonly QuestionRow[]): void {
  process.stdout.write(`\nquestions over ${events} events (rolled up again at ${perSecond.toFixed(0)} a second)\n`);
  for (const { what, p50Ms, p95Ms, rawMs, ratioToRaw } of rows) {
    const figures = [`p50 ${p50Ms.toFixed(1)} ms`, `p95 ${p95Ms.toFixed(1)} ms`, `raw ${rawMs.toFixed(0)} ms`];
    const said = figures.map((figure) => figure.padStart(14)).join('');
    process.stdout.write(`  ${what.padEnd(46)} ${said}  ${ratioToRaw.toFixed(1)} x raw\n`);
  }
}
