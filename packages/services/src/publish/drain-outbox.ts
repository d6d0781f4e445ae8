import type { OutboxMessage } from '@tollwright/contracts';
import { openSecret } from '@tollwright/contracts/sealed-secret';
import {
  type Db,
  type DbOutboxMessage,
  emptySql,
  fromDbOutbox,
  type Sql,
  sql,
  type Tx,
  withOutbox,
} from '@tollwright/db';
import type { ServiceContext } from '../context.ts';
import { mailContext } from '../mail/mail-context.ts';
import { fanOut } from '../webhook/fan-out.ts';
import { publishApi } from './publish-api.ts';
import { publishCustomer } from './publish-customer.ts';

const BACKOFF_MS_MAX = 5 * 60_000;

export interface Drained {
  readonly sent: number;
  readonly failed: number;
}

/** Publications do not wait for a slow mail server, nor for many webhooks. */
type Lane = 'publish' | 'mail' | 'webhook';

const LANES = ['publish', 'mail', 'webhook'] as const satisfies readonly Lane[];

export interface DrainOptions {
  /** Messages of each lane at most. */
  readonly limit: number;
  /** Narrows it to messages just written. */
  readonly ids?: readonly string[];
}

/**
 * Sends waiting messages, oldest first, each in a transaction of its own that keeps other senders off. A message that
 * fails is tried again later; one sent just before a crash is sent again.
 */
export async function drainOutbox(ctx: ServiceContext, options: DrainOptions): Promise<Drained> {
  const drained = await Promise.all(LANES.map((lane) => drainLane(ctx, lane, options)));
  const sum = (of: (one: Drained) => number) => drained.reduce((total, one) => total + of(one), 0);
  return { sent: sum(({ sent }) => sent), failed: sum(({ failed }) => failed) };
}

/**
 * A message being published holds one connection and needs another. One at a time, so that senders cannot take every
 * connection of the pool and then wait for each other.
 */
function drainLane(ctx: ServiceContext, lane: Lane, options: DrainOptions): Promise<Drained> {
  const lanes = runningLanes.get(ctx.db) ?? new Map<Lane, Promise<unknown>>();
  runningLanes.set(ctx.db, lanes);
  const run = () => sendAll(ctx, lane, options);
  const mine = (lanes.get(lane) ?? Promise.resolve()).then(run, run);
  lanes.set(lane, mine);
  return mine;
}

const runningLanes = new WeakMap<Db, Map<Lane, Promise<unknown>>>();

async function sendAll(ctx: ServiceContext, lane: Lane, { limit, ids }: DrainOptions): Promise<Drained> {
  let sent = 0;
  let failed = 0;
  const note = (outcome: Outcome) => {
    if (outcome === 'sent') sent += 1;
    if (outcome === 'failed') failed += 1;
  };
  if (ids !== undefined) {
    for (const id of ids) note(await withOutbox(ctx.db, (tx) => sendNext(ctx, tx, lane, id)));
    return { sent, failed };
  }
  while (sent + failed < limit) {
    const outcome = await withOutbox(ctx.db, (tx) => sendNext(ctx, tx, lane, null));
    if (outcome === 'none') break;
    note(outcome);
  }
  return { sent, failed };
}

const KINDS_OF: Readonly<Record<Lane, Sql>> = {
  publish: sql`kind IN ('publish-api', 'publish-customer')`,
  mail: sql`kind = 'mail'`,
  webhook: sql`kind = 'webhook-event'`,
};

type Outcome = 'sent' | 'failed' | 'none';

/**
 * Sends the oldest message that nobody sends, or the one named. A publication named is waited for when somebody else sends
 * it already: who asked for it goes on only when it is in force.
 */
async function sendNext(ctx: ServiceContext, tx: Tx, lane: Lane, wanted: string | null): Promise<Outcome> {
  const now = new Date(ctx.clock());
  const ofWanted = wanted === null ? emptySql : sql`AND id = ${wanted}`;
  const others = wanted === null || lane !== 'publish' ? sql`SKIP LOCKED` : emptySql;
  const found = await tx.$queryRaw<{ id: string }[]>`SELECT id FROM outbox_message
    WHERE sent_at IS NULL AND available_at <= ${now} AND ${KINDS_OF[lane]} ${ofWanted} ORDER BY id LIMIT 1 FOR UPDATE ${others}`;
  const id = found[0]?.id;
  if (id === undefined) return 'none';
  const row = await tx.outboxMessage.findUniqueOrThrow({ where: { id } });
  try {
    await send(ctx, row, fromDbOutbox(row.payload));
  } catch (error) {
    ctx.onError(`send outbox message ${id} (${row.kind})`, error);
    const waitMs = Math.min(1_000 * 2 ** Math.min(row.attempts, 20), BACKOFF_MS_MAX);
    await tx.outboxMessage.update({
      where: { id },
      data: {
        attempts: { increment: 1 },
        lastError: error instanceof Error ? error.message.slice(0, 500) : 'unknown',
        availableAt: new Date(ctx.clock() + waitMs),
      },
    });
    return 'failed';
  }
  await tx.outboxMessage.update({ where: { id }, data: { sentAt: now, attempts: { increment: 1 }, lastError: null } });
  return 'sent';
}

async function send(ctx: ServiceContext, row: DbOutboxMessage, message: OutboxMessage): Promise<void> {
  switch (message.kind) {
    case 'publish-api':
      return publishApi(ctx, tenantOf(row), message.apiId);
    case 'publish-customer':
      return publishCustomer(ctx, tenantOf(row), message.customerId);
    case 'mail': {
      const text = openSecret(ctx.masterKeys, mailContext(row.id), message.text);
      return ctx.mailer.send({ to: message.to, subject: message.subject, text });
    }
    case 'webhook-event':
      return fanOut(ctx, tenantOf(row), message.event);
  }
}

function tenantOf(row: DbOutboxMessage): string {
  if (row.providerId === null) throw new Error(`outbox message ${row.id} names no provider`);
  return row.providerId;
}
