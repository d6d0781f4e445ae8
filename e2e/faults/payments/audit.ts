import { setTimeout as sleep } from 'node:timers/promises';
import { listPayments, providerHome, SYSTEM } from '@tollwright/services';
import { queryOnce } from '@tollwright/testing';
import type { Stage } from '../stage.ts';
import { PRICE_NANO_USD, type Rails } from './every-rail.ts';
import { type Moved, readOutside } from './outside.ts';
import { RAILS, type SignedCall } from './payer.ts';

const RECOVERED_MS_MAX = 90_000;
/** So far the clocks go ahead at the end: no challenge and no authorization is good for that long. */
const LATER_SECONDS = 900;
const KEPT: ReadonlySet<string> = new Set(['settled']);
const ENDED: ReadonlySet<string> = new Set(['settled', 'failed', 'released', 'refunded', 'credited']);

/** The figures of a scenario about payments. The middle three have to be 0, `openAfterRecovery` too. */
export interface PaymentFigures {
  readonly payments: number;
  readonly debits: number;
  readonly returns: number;
  /** Debits of a payer beyond the first, and returns beyond the debits. */
  readonly doubleDebits: number;
  /** Debits that no record knows as ended, and such as were kept for nothing. */
  readonly lostPayments: number;
  readonly openAfterRecovery: number;
  readonly answered: number;
  readonly upstreamTwice: number;
}

interface Row {
  readonly id: string;
  readonly state: string;
  readonly rail: string;
  readonly payer: string;
  readonly nonce: string;
  readonly served: boolean;
}

/**
 * Moves all clocks past every authorization, waits until each payment has ended, and compares what payers, the upstream, the
 * chains, Stripe, the books and the console say. What does not agree goes to `failures`.
 */
export async function auditPayments(
  stage: Stage,
  calls: readonly SignedCall[],
  failures: string[],
): Promise<PaymentFigures> {
  const rails = stage.rails as Rails;
  await passTime(stage, rails);
  const open = await untilEnded(stage, calls);
  const rows = await readRows(stage);
  const outside = await readOutside(rails);
  const forwarded = stage.upstream.log.calls(null);
  const judged = calls.map((call) => {
    const ownRows = rowsOf(call, rows);
    const upstream = forwarded.filter(({ headers }) => headers['x-account'] === call.mark).length;
    return judge(call, ownRows, outside(call), upstream);
  });
  failures.push(...judged.flatMap(({ wrong }) => wrong));
  const sum = (of: (one: (typeof judged)[number]) => number) => judged.reduce((total, one) => total + of(one), 0);
  const debits = sum(({ moved }) => moved.debits);
  const returns = sum(({ moved }) => moved.returns);
  failures.push(...open.map(({ id, rail, state }) => `${id} by ${rail} is still ${state}`));
  await compareBooks(stage, { debits, returns }, judged, failures);
  return {
    ...{ payments: calls.length, debits, returns },
    doubleDebits: sum(({ moved }) => Math.max(0, moved.debits - 1) + Math.max(0, moved.returns - moved.debits)),
    lostPayments: sum(({ lost }) => lost),
    openAfterRecovery: open.length,
    answered: sum(({ answered }) => answered),
    upstreamTwice: sum(({ upstream }) => (upstream > 1 ? 1 : 0)),
  };
}

/** Nobody waits a quarter of an hour: chains, worker and Stripe are told that it has passed. */
async function passTime(stage: Stage, rails: Rails): Promise<void> {
  await rails.chain.mine(LATER_SECONDS);
  await rails.tempo.mine(LATER_SECONDS);
  rails.stripe.advance(LATER_SECONDS * 1_000);
  stage.moveWorkerClock(LATER_SECONDS * 1_000);
}

function rowsOf({ payer: by, challengeId }: SignedCall, rows: readonly Row[]): readonly Row[] {
  return rows.filter(({ payer, nonce }) => nonce === challengeId || (payer !== '' && payer === by));
}

/**
 * Whether somebody has an answer of whose payment the books have not heard yet, or not of its call, which may come with a later
 * shipment: it is on its way from a gateway.
 */
function isUnheard(call: SignedCall, rows: readonly Row[]): boolean {
  const kept = rowsOf(call, rows).filter(({ state }) => KEPT.has(state));
  return (call.answers.some(isAnswer) && kept.length === 0) || kept.some(({ served }) => !served);
}

function isAnswer({ status, replayed }: SignedCall['answers'][number]): boolean {
  return status === 200 && !replayed;
}

/**
 * Waits until every payment that Postgres, the store or its payer knows has ended. Answers those that have not; what Postgres
 * never hears of is judged later.
 */
async function untilEnded(
  stage: Stage,
  calls: readonly SignedCall[],
): Promise<readonly Pick<Row, 'id' | 'rail' | 'state'>[]> {
  const deadline = Date.now() + RECOVERED_MS_MAX;
  for (;;) {
    const known = await readRows(stage);
    const rows = known.filter(({ state }) => !ENDED.has(state));
    const isHeard = !calls.some((call) => isUnheard(call, known));
    const claims = (await stage.state.claims.unresolved('', 1_000)).map(({ record }) => ({
      ...{ id: record.paymentId, rail: record.rail, state: record.state },
    }));
    const unanswered = await queryOnce<Row>(stage.database.url, GOES_BACK);
    const open = new Map([...rows, ...claims, ...unanswered].map((one) => [one.id, one]));
    if ((open.size === 0 && isHeard) || Date.now() > deadline) return [...open.values()];
    await sleep(200);
  }
}

/** Every rail of these scenarios can give back, so none of these stays. */
const GOES_BACK = `SELECT p.id, p.rail, 'settled, unanswered' AS state FROM incident i
  JOIN payment p ON p.id = i.detail ->> 'paymentId'
  WHERE i.kind = 'unanswered-payment' AND i.resolved_at IS NULL AND p.state = 'settled'
    AND NOT EXISTS (SELECT 1 FROM usage_event e WHERE e.request_id = p.request_id AND e.decision = 'forwarded'
      AND e.status BETWEEN 200 AND 299)`;

function readRows({ database }: Stage): Promise<Row[]> {
  return queryOnce<Row>(
    database.url,
    `SELECT p.id, p.state, p.rail, p.payer, p.nonce, EXISTS (SELECT 1 FROM usage_event e
       WHERE e.request_id = p.request_id AND e.decision = 'forwarded' AND e.status BETWEEN 200 AND 299) AS served
     FROM payment p`,
  );
}

/** What is wrong about one payment. A payer who was answered has paid once; one who was not has not, or has it back. */
function judge(call: SignedCall, rows: readonly Row[], moved: Moved, upstream: number) {
  const { rail, policy, mark } = call;
  const answered = call.answers.filter(isAnswer).length;
  const kept = rows.filter(({ state }) => KEPT.has(state));
  const returned = rows.filter(({ state }) => state === 'refunded');
  const isKnown = moved.debits <= kept.length + returned.length;
  // What was written down as served stays paid, also where the answer itself was cut off on its way.
  const isEarned = kept.every(({ served }) => served);
  const lost = isKnown && isEarned && (returned.length === 0 || moved.returns > 0) ? 0 : 1;
  const said = `${call.answers.map(({ status, slug }) => `${status} ${slug}`).join(', ')}; ${rows.map(({ state }) => state)}`;
  const about = `${rail} ${policy} ${mark}: ${moved.debits} debits, ${moved.returns} returns, ${upstream} calls; ${said}`;
  const expectations = [
    ['it was debited more than once', moved.debits <= 1],
    ['more went back than came', moved.returns <= moved.debits],
    ['it was paid and is lost', lost === 0],
    ['it was not paid and is recorded as paid', kept.length + returned.length <= moved.debits],
    ['it was answered twice', answered <= 1],
    ['it was answered and not paid', answered === 0 || moved.debits - moved.returns === 1],
    ['it ran the upstream twice', upstream <= 1],
  ] as const;
  const wrong = expectations.flatMap(([what, holds]) => (holds ? [] : [`${what}: ${about}`]));
  return { rail, moved, lost, answered, upstream, wrong };
}

/** The ledger and the console's own figures, against what moved outside. */
async function compareBooks(
  stage: Stage,
  { debits, returns }: Moved,
  judged: readonly { readonly rail: string; readonly moved: Moved }[],
  failures: string[],
): Promise<void> {
  const { providerId } = stage.tenant;
  const expect = (what: string, found: unknown, wanted: unknown) => {
    if (String(found) !== String(wanted)) failures.push(`${what}: ${found}, and ${wanted} outside`);
  };
  const sumOf = await sumsOfLedger(stage);
  for (const rail of RAILS) {
    const own = judged.filter((one) => one.rail === rail);
    const balance = own.reduce((total, { moved }) => total + moved.debits - moved.returns, 0);
    expect(`the ledger's clearing account of ${rail}`, sumOf(`clearing_${rail}`), BigInt(balance) * PRICE_NANO_USD);
  }
  expect('refunds in the ledger', sumOf('refunds'), BigInt(returns) * PRICE_NANO_USD);
  const home = await providerHome(stage.services, SYSTEM, { providerId });
  expect("the console's settled payments", home.settledPayments, debits);
  expect("the console's revenue of payments", home.paymentsNanoUsd, BigInt(debits) * PRICE_NANO_USD);
  expect("the console's unknown payments", home.unknownPayments, 0);
  for (const [state, wanted] of [
    ['settled', debits - returns],
    ['refunded', returns],
  ] as const) {
    expect(`payments that the console lists as ${state}`, await countListed(stage, state), wanted);
  }
}

/** What all accounts of a kind have, in nano-dollars. */
export async function sumsOfLedger({ database }: Stage): Promise<(kind: string) => bigint> {
  const accounts = await queryOnce<{ kind: string; sum: string }>(
    database.url,
    `SELECT a.kind::text AS kind, sum(p.amount_nano_usd)::text AS sum FROM ledger_posting p
     JOIN ledger_account a ON a.id = p.account_id GROUP BY a.kind`,
  );
  return (kind) => BigInt(accounts.find((account) => account.kind === kind)?.sum ?? 0);
}

async function countListed(stage: Stage, state: 'settled' | 'refunded'): Promise<number> {
  const { providerId } = stage.tenant;
  let count = 0;
  let cursor: string | null = null;
  do {
    const page = { providerId, state, limit: 100, ...(cursor === null ? {} : { cursor }) };
    const listed: Awaited<ReturnType<typeof listPayments>> = await listPayments(stage.services, SYSTEM, page);
    count += listed.items.length;
    cursor = listed.nextCursor;
  } while (cursor !== null);
  return count;
}
