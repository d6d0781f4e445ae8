import { type DatabaseCopy, type DatabaseTemplate, queryOnce } from '@tollwright/testing';
import { openControlPlane, startWorker } from './control-plane.ts';
import { TIMED_BUDGET_NODES, TIMED_CUSTOMER_ID } from './fixture.ts';
import { stopChild } from './process.ts';
import type { Stage, Tollwright } from './stage.ts';

const PRICE_NANO_USD = 610_000n;
/** So long nothing may change before what is missing is given up. */
const QUIET_MS_MAX = 30_000;

/** What rows in PostgreSQL and counters in the state store say of the timed customer, by name. */
type Figures = Readonly<Record<string, bigint>>;

/**
 * Every timed call is one row in PostgreSQL, charged its price; each budget spent their sum, and holds nothing. The worker
 * commits what the gateway has shipped and, once it was stopped, what that brought: nothing can come after the last count.
 */
export async function proveMetered(
  stage: Stage,
  template: DatabaseTemplate,
  tollwright: Tollwright,
  calls: number,
): Promise<void> {
  const { store } = tollwright;
  const database = await openControlPlane(template, store);
  const worker = await startWorker(stage, tollwright, database);
  const expected = expectedOf(BigInt(calls));
  await look(tollwright, database, (figures) => differences(figures, expected).length === 0);
  await stopChild(tollwright.process);
  const figures = await look(tollwright, database, ({ spoolsPending }) => spoolsPending === 0n);
  await stopChild(worker.process);
  const failures = differences(figures, expected);
  if (failures.length > 0) throw new Error(`not metered, ${store}: ${failures.join('; ')}`);
  process.stdout.write(
    `metered, ${store}: ${figures.events} rows in PostgreSQL for ${calls} calls, charged ${figures.chargedNanoUsd} nano-USD; ` +
      `as much spent of ${TIMED_BUDGET_NODES.join(', ')}; held 0\n`,
  );
}

function expectedOf(calls: bigint): Figures {
  const nanoUsd = calls * PRICE_NANO_USD;
  return {
    ...{ events: calls, eventIds: calls, requestIds: calls, rolledUpCalls: calls },
    ...{ rejectedItems: 0n, spoolsPending: 0n, holds: 0n, held: 0n, chargedNanoUsd: nanoUsd },
    ...Object.fromEntries(TIMED_BUDGET_NODES.map((node) => [`spent of ${node}`, nanoUsd])),
  };
}

/** Looks until it is as wanted, or does not change any more. Answers the last look. */
async function look(
  tollwright: Tollwright,
  database: DatabaseCopy,
  isWanted: (figures: Figures) => boolean,
): Promise<Figures> {
  let before = '';
  let changedAt = Date.now();
  for (;;) {
    const figures = await count(tollwright, database);
    const now = Object.values(figures).join(' ');
    if (now !== before) changedAt = Date.now();
    before = now;
    if (isWanted(figures) || Date.now() - changedAt > QUIET_MS_MAX) return figures;
    await new Promise((wake) => setTimeout(wake, 250));
  }
}

/** The inbox is asked before the rows: what was pending no more is among them. */
async function count({ state }: Tollwright, database: DatabaseCopy): Promise<Figures> {
  const tag = `c:${TIMED_CUSTOMER_ID}`;
  const pending = await state.inbox.pending();
  const counters = await state.counters.read(tag);
  const holds = await state.counters.holds({ tag });
  const [row = {}] = await queryOnce<Record<string, string>>(
    database.url,
    `SELECT count(*) AS "events", count(DISTINCT event_id) AS "eventIds", count(DISTINCT request_id) AS "requestIds",
       coalesce(sum(charged_nano_usd), 0) AS "chargedNanoUsd",
       (SELECT coalesce(sum(calls), 0) FROM usage_rollup WHERE customer_id = $1) AS "rolledUpCalls",
       (SELECT count(*) FROM inbox_reject) AS "rejectedItems"
     FROM usage_event WHERE customer_id = $1`,
    [TIMED_CUSTOMER_ID],
  );
  return {
    ...Object.fromEntries(Object.entries(row).map(([name, text]) => [name, BigInt(text)])),
    ...Object.fromEntries(counters.map(({ node, spent }) => [`spent of ${node}`, spent])),
    spoolsPending: BigInt(pending.length),
    holds: BigInt(holds.length),
    held: counters.reduce((sum, { held }) => sum + held, 0n),
  };
}

/** Equations that do not hold. */
function differences(figures: Figures, expected: Figures): string[] {
  return Object.entries(expected)
    .filter(([name, value]) => figures[name] !== value)
    .map(([name, value]) => `${name} ${figures[name]}, expected ${value}`);
}
