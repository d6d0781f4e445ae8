import type { OutboxMessage } from '@tollwright/contracts';
import { sealSecret } from '@tollwright/contracts/sealed-secret';
import { type IdKind, makeId } from '@tollwright/core';
import { type Tenant, type Tx, toDbJson, withTenant } from '@tollwright/db';
import type { Access } from './authorize.ts';
import type { ServiceContext } from './context.ts';
import { mailContext } from './mail/mail-context.ts';
import { outboxRow } from './outbox-row.ts';
import { drainOutbox } from './publish/drain-outbox.ts';
import { type Told, tell } from './webhook/tell.ts';

/** What one audited step was. `before` and `after` never carry a secret. */
export interface AuditLine {
  readonly action: string;
  readonly targetId: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

/** A transaction of a verb, with what leaves it: audit entries and outbox messages. */
export interface Change {
  readonly tx: Tx;
  readonly now: Date;
  readonly access: Access;
  id(kind: IdKind): string;
  audit(line: AuditLine): Promise<void>;
  /** Gives the API a new snapshot version and has it published. */
  publishApi(apiId: string): Promise<void>;
  /** The same for every API of the provider: what plans, meters, extractors and wallets are part of. */
  publishAllApis(): Promise<void>;
  /** Gives the customer a new version and has it published with its keys and budgets. */
  publishCustomer(customerId: string): Promise<void>;
  mail(message: { readonly to: string; readonly subject: string; readonly text: string }): Promise<void>;
  /** Has the webhooks of the provider, and of the customer whom it concerns, told what happened. */
  tell(told: Told): Promise<void>;
}

/** Runs a verb's transaction, then sends what it put into the outbox, so that it is in force when the verb returns. */
export async function change<T>(ctx: ServiceContext, access: Access, fn: (step: Change) => Promise<T>): Promise<T> {
  const sent: string[] = [];
  const result = await withTenant(ctx.db, access.tenant, (tx) => fn(changeOn(ctx, access, tx, sent)));
  await sendSoon(ctx, sent);
  return result;
}

/** Reads in the tenant of an access. */
export function read<T>(ctx: ServiceContext, access: { readonly tenant: Tenant }, fn: (tx: Tx) => Promise<T>) {
  return withTenant(ctx.db, access.tenant, fn);
}

/** Best effort: the worker sends what stays behind. */
export async function sendSoon(ctx: ServiceContext, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await drainOutbox(ctx, { limit: ids.length, ids }).catch((error: unknown) => ctx.onError('drain the outbox', error));
}

/** What an outbox row is written with. */
export type Queueing = Pick<ServiceContext, 'clock' | 'random' | 'masterKeys'>;

/** Writes an outbox row. Mail is sealed while it waits, since links in it open accounts. Answers the row's id. */
export async function enqueue(
  ctx: Queueing,
  tx: Tx,
  providerId: string | null,
  message: OutboxMessage,
): Promise<string> {
  const row = outboxRow(ctx, providerId, message);
  const payload =
    message.kind === 'mail'
      ? { ...message, text: sealSecret(ctx.masterKeys, mailContext(row.id), message.text) }
      : message;
  // createMany does not read the row back, which only the sender may.
  await tx.outboxMessage.createMany({ data: [{ ...row, payload: toDbJson(payload) }] });
  return row.id;
}

/** Gives a customer a new version in a transaction that is no verb's, and has it published. Answers the outbox row's id. */
export async function publishLater(tx: Tx, means: Queueing, providerId: string, customerId: string): Promise<string> {
  await tx.customer.updateMany({ where: { providerId, id: customerId }, data: { version: { increment: 1 } } });
  return enqueue(means, tx, providerId, { kind: 'publish-customer', customerId });
}

function changeOn(ctx: ServiceContext, access: Access, tx: Tx, sent: string[]): Change {
  const { providerId } = access;
  const now = new Date(ctx.clock());
  const send = async (message: OutboxMessage) => {
    sent.push(await enqueue(ctx, tx, providerId, message));
  };
  const publishApi = async (apiId: string) => {
    await tx.api.updateMany({ where: { providerId, id: apiId }, data: { snapshotVersion: { increment: 1 } } });
    await send({ kind: 'publish-api', apiId });
  };
  return {
    tx,
    now,
    access,
    id: (kind) => makeId(kind, ctx.clock(), ctx.random(10)),
    audit: (line) => audit(ctx, tx, access, line),
    publishApi,
    async publishAllApis() {
      const apis = await tx.api.findMany({ where: { providerId }, select: { id: true }, orderBy: { id: 'asc' } });
      for (const { id } of apis) await publishApi(id);
    },
    async publishCustomer(customerId) {
      await tx.customer.updateMany({ where: { providerId, id: customerId }, data: { version: { increment: 1 } } });
      await send({ kind: 'publish-customer', customerId });
    },
    mail: (message) => send({ kind: 'mail', ...message }),
    async tell(told) {
      sent.push(...(await tell(tx, ctx, providerId, [told])));
    },
  };
}

async function audit(ctx: ServiceContext, tx: Tx, access: Access, line: AuditLine): Promise<void> {
  await tx.auditEntry.create({
    data: {
      id: makeId('audit', ctx.clock(), ctx.random(10)),
      providerId: access.providerId,
      customerId: access.customerId,
      actor: access.actor,
      action: line.action,
      targetId: line.targetId,
      ...(line.before === undefined ? {} : { before: toDbJson(line.before) }),
      ...(line.after === undefined ? {} : { after: toDbJson(line.after) }),
      createdAt: new Date(ctx.clock()),
    },
  });
}
