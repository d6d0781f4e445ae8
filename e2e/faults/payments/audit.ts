import { setTimeout as sleep } from 'node:timers/promises';
import { providerHome, SYSTEM } from '@tollwright/services';
import { queryOnce } from '@tollwright/testing';
import type { Stage } from '../stage.ts';
import type { Account } from '../tenant.ts';
import { PRICE_ATOMIC, type Rails } from './every-rail.ts';
import { LENT_CALLS_MAX } from './lent.ts';
import { atomicOf, type Moved, readOutside } from './outside.ts';
import { auditOwner, listAll } from './owner.ts';
import type { SignedCall } from './payer.ts';
import { FAILING, RAILS } from './ways.ts';

const RECOVERED_MS_MAX = 90_000;
/** So far the clocks go ahead at the end: no challenge and no authorization is good for that long. */
const LATER_SECONDS = 900;
const KEPT: ReadonlySet<string> = new Set(['settled']);
const ENDED: ReadonlySet<string> = new Set(['settled', 'failed', 'released', 'refunded', 'credited']);
const NANO_PER_ATOMIC = 1_000n;

/** The figures of a scenario about payments. `doubleDebits`, `lostPayments`, `openAfterRecovery` and `amiss` have to be 0. */
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
  /** Debits of another amount than was served, or above the ceiling. */
  readonly amiss: number;
  readonly debitedAtomic: number;
  readonly uptoDebits: number;
  readonly uptoAtomic: number;
  readonly optimistic: number;
  /** Served to payers who are trusted, and never paid: their gateway died. */
  readonly servedUnpaid: number;
  /** The most that one of them ever had open, in calls. */
  readonly mostLent: number;
  /** Made beside an owner's key, and kept of them what the owner sees as settled. */
  readonly ownersPayments: number;
  readonly ownersSettled: number;
}

interface Row {
  readonly id: string;
  readonly state: string;
  readonly rail: string;
  readonly payer: string;
  readonly nonce: string;
  readonly amount: string;
  readonly settles: string | null;
  readonly served: boolean;
}

/**
 * Moves all clocks past every authorization, waits until each payment has ended, and compares what payers, the upstream, the
 * chains, Stripe, the books and the console say. What does not agree goes to `failures`.
 */
export async function auditPayments(
  stage: Stage,
  { calls, owner }: { readonly calls: readonly SignedCall[]; readonly owner: Account },
  failures: string[],
): Promise<PaymentFigures> {
  await passTime(stage, stage.rails as Rails);
  const open = await untilEnded(stage, calls);
  const rows = await readRows(stage);
  const outside = await readOutside(stage);
  const forwarded = stage.upstream.log.calls(null);
  const judged = calls.map((call) => {
    const ownRows = rowsOf(call, rows);
    const own = forwarded.filter(({ headers }) => headers['x-account'] === call.mark);
    const sold = own.filter(({ headers }) => !isToFail(headers)).length;
    return { ...judge(call, ownRows, outside(call), sold), requestIds: own.map(({ requestId }) => requestId) };
  });
  failures.push(...judged.flatMap(({ wrong }) => wrong));
  const sum = (of: (one: (typeof judged)[number]) => number) => judged.reduce((total, one) => total + of(one), 0);
  const debits = sum(({ moved }) => moved.debits);
  const returns = sum(({ moved }) => moved.returns);
  failures.push(...open.map(({ id, rail, state }) => `${id} by ${rail} is still ${state}`));
  await compareBooks(stage, judged, failures);
  const owners = await auditOwner(
    stage,
    owner,
    judged.filter(({ call }) => call.isOwners),
    failures,
  );
  const atomicOf = (some: typeof judged) => Number(some.reduce((total, { moved }) => total + moved.debitedAtomic, 0n));
  const upto = judged.filter(({ call }) => call.policy === 'upto');
  return {
    ...{ payments: calls.length, debits, returns },
    doubleDebits: sum(({ moved }) => Math.max(0, moved.debits - 1) + Math.max(0, moved.returns - moved.debits)),
    lostPayments: sum(({ lost }) => lost),
    openAfterRecovery: open.length,
    answered: sum(({ answered }) => answered),
    upstreamTwice: sum(({ upstream }) => (upstream > 1 ? 1 : 0)),
    amiss: sum(({ isAmiss }) => (isAmiss ? 1 : 0)),
    debitedAtomic: atomicOf(judged),
    ...{ uptoDebits: upto.reduce((total, { moved }) => total + moved.debits, 0), uptoAtomic: atomicOf(upto) },
    optimistic: calls.filter(({ policy }) => policy === 'optimistic').length,
    servedUnpaid: sum(({ isUnpaid }) => (isUnpaid ? 1 : 0)),
    mostLent: Math.max(0, ...calls.map(({ lent }) => lent?.most ?? 0)),
    ...owners,
  };
}

/** Nobody waits a quarter of an hour: chains, worker and Stripe are told that it has passed. */
async function passTime(stage: Stage, rails: Rails): Promise<void> {
  await rails.chain.mine(LATER_SECONDS);
  await rails.tempo.mine(LATER_SECONDS);
  rails.stripe.advance(LATER_SECONDS * 1_000);
  stage.moveWorkerClock(LATER_SECONDS * 1_000);
}

function rowsOf({ payer: by, challengeId, nonce: own }: SignedCall, rows: readonly Row[]): readonly Row[] {
  if (own !== null) return rows.filter(({ nonce }) => nonce.toLowerCase() === own);
  return rows.filter(({ payer, nonce }) => nonce === challengeId || (payer !== '' && payer === by));
}

/**
 * Whether somebody has an answer of whose payment the books have not heard yet, or not of its call, which may come with a later
 * shipment: it is on its way from a gateway.
 */
function isUnheard(call: SignedCall, rows: readonly Row[]): boolean {
  const own = rowsOf(call, rows);
  const isAnswered = call.answers.some(isAnswer);
  // Who trusts its payer answers first; what a kill kept from the books then is known to be lost.
  if (call.policy === 'optimistic') return isAnswered && !own.some(({ state }) => ENDED.has(state));
  const kept = own.filter(({ state }) => KEPT.has(state));
  return (isAnswered && kept.length === 0) || kept.some(({ served }) => !served);
}

/** Whether the upstream was told to fail: nothing was sold, and the payment may be sent again. */
function isToFail(headers: Readonly<Record<string, unknown>>): boolean {
  return Object.keys(FAILING).some((name) => name in headers);
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
    const isHeard = !calls.some((call) => isUnheard(call, known));
    const open = await openOf(stage, known);
    if ((open.length === 0 && isHeard) || Date.now() > deadline) return open;
    await sleep(200);
  }
}

/** Whether nothing is left to do about any payment that Postgres or the store knows. */
export async function haveEnded(stage: Stage): Promise<boolean> {
  return (await openOf(stage, await readRows(stage))).length === 0;
}

/** Settled and not served, and no answer went out before: it goes back as soon as somebody has seen it. */
function isToGoBack({ state, served, settles }: Row): boolean {
  return state === 'settled' && !served && settles !== 'optimistic';
}

async function openOf(stage: Stage, known: readonly Row[]): Promise<readonly Pick<Row, 'id' | 'rail' | 'state'>[]> {
  const rows = known.filter((row) => !ENDED.has(row.state) || isToGoBack(row));
  const claims = (await stage.state.claims.unresolved('', 1_000)).map(({ record }) => ({
    ...{ id: record.paymentId, rail: record.rail, state: record.state },
  }));
  const unanswered = await queryOnce<Row>(stage.database.url, GOES_BACK);
  return [...new Map([...rows, ...claims, ...unanswered].map((one) => [one.id, one])).values()];
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
    `SELECT p.id, p.state, p.rail, p.payer, p.nonce, p.amount_atomic::text AS amount,
       p.body ->> 'settles' AS settles, EXISTS (SELECT 1 FROM usage_event e
       WHERE e.request_id = p.request_id AND e.decision = 'forwarded' AND e.status BETWEEN 200 AND 299) AS served
     FROM payment p`,
  );
}

/**
 * What is wrong about one payment. A payer who was answered has paid once what was served; one who was not has not, or has it back.
 * Who is trusted is answered first, and may never be asked where its gateway died.
 */
function judge(call: SignedCall, rows: readonly Row[], moved: Moved, upstream: number) {
  const { rail, policy, mark, owedAtomic, lent } = call;
  const answered = call.answers.filter(isAnswer).length;
  const kept = rows.filter(({ state }) => KEPT.has(state));
  const returned = rows.filter(({ state }) => state === 'refunded');
  const isKnown = moved.debits <= kept.length + returned.length;
  const isTrusted = policy === 'optimistic';
  // What was written down as served stays paid, also where the answer itself was cut off on its way.
  const isEarned = kept.every(({ served }) => served || (isTrusted && answered > 0));
  const lost = isKnown && isEarned && (returned.length === 0 || moved.returns > 0) ? 0 : 1;
  const isUnpaid = isTrusted && answered > 0 && moved.debits === 0;
  const left = moved.debits - moved.returns;
  const isWhole = owedAtomic === null ? moved.debitedAtomic > 0n : moved.debitedAtomic === owedAtomic;
  const isAmiss = moved.debits === 1 && !(isWhole && moved.debitedAtomic <= PRICE_ATOMIC);
  const recorded = [...kept, ...returned].reduce((total, row) => total + atomicOf(row), 0n);
  const said = `${call.answers.map(({ status, slug }) => `${status} ${slug}`).join(', ')}; ${rows.map(({ state }) => state)}`;
  const amounts = `${moved.debitedAtomic} of ${owedAtomic ?? `at most ${PRICE_ATOMIC}`}, ${moved.returnedAtomic} back`;
  const about = `${rail} ${policy} ${mark}: ${moved.debits} debits, ${moved.returns} returns, ${amounts}, ${upstream} calls; ${said}`;
  const expectations = [
    ['it was debited more than once', moved.debits <= 1],
    ['more went back than came', moved.returns <= moved.debits],
    ['another amount went back than came', moved.returns === 0 || moved.returnedAtomic === moved.debitedAtomic],
    ['it was debited another amount than was served', !isAmiss],
    ['its record has another amount', moved.debits !== 1 || recorded === moved.debitedAtomic],
    ['it was paid and is lost', lost === 0],
    ['it was not paid and is recorded as paid', kept.length + returned.length <= moved.debits],
    ['it was answered twice', answered <= 1],
    ['it was answered and not paid', answered === 0 || left === 1 || isUnpaid],
    ['its payer was lent more than the cap', (lent?.most ?? 0) <= LENT_CALLS_MAX],
    ['it ran the upstream twice', upstream <= 1],
  ] as const;
  const wrong = expectations.flatMap(([what, holds]) => (holds ? [] : [`${what}: ${about}`]));
  return { call, rail, moved, lost, answered, upstream, isAmiss, isUnpaid, rows, wrong };
}

/** The ledger and the console's own figures, against what moved outside. */
async function compareBooks(
  stage: Stage,
  judged: readonly { readonly rail: string; readonly moved: Moved }[],
  failures: string[],
): Promise<void> {
  const { providerId } = stage.tenant;
  const expect = (what: string, found: unknown, wanted: unknown) => {
    if (String(found) !== String(wanted)) failures.push(`${what}: ${found}, and ${wanted} outside`);
  };
  const totalOf = (of: (moved: Moved) => bigint, some = judged) =>
    some.reduce((total, { moved }) => total + of(moved), 0n);
  const sumOf = await sumsOfLedger(stage);
  for (const rail of RAILS) {
    const own = judged.filter((one) => one.rail === rail);
    const balance = totalOf((moved) => moved.debitedAtomic - moved.returnedAtomic, own);
    expect(`the ledger's clearing account of ${rail}`, sumOf(`clearing_${rail}`), balance * NANO_PER_ATOMIC);
  }
  const returned = totalOf(({ returnedAtomic }) => returnedAtomic);
  expect('refunds in the ledger', sumOf('refunds'), returned * NANO_PER_ATOMIC);
  const home = await providerHome(stage.services, SYSTEM, { providerId });
  const [debits, returns] = [totalOf((moved) => BigInt(moved.debits)), totalOf((moved) => BigInt(moved.returns))];
  const debited = totalOf(({ debitedAtomic }) => debitedAtomic);
  expect("the console's settled payments", home.settledPayments, debits);
  expect("the console's revenue of payments", home.paymentsNanoUsd, debited * NANO_PER_ATOMIC);
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
  return (await listAll(stage, SYSTEM, { providerId: stage.tenant.providerId, state })).length;
}
