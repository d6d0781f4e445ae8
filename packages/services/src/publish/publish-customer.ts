import { type CustomerRecord, type KeyRecord, PAYMENT_APPROVALS_MAX } from '@tollwright/contracts';
import { nanoUsd } from '@tollwright/core';
import { type DbApiKey, type DbBudget, type Tx, withTenant } from '@tollwright/db';
import { toPaymentApproval } from '../approval/approval.ts';
import type { ServiceContext } from '../context.ts';
import { balanceOfKey, balancesOf, creditedPaymentsOf } from '../credit/balances.ts';
import { keyMetadata } from '../key/key.ts';
import { notFound } from '../refusals.ts';

export interface CompiledCustomer {
  readonly customer: CustomerRecord;
  readonly keys: readonly (KeyRecord & { readonly hash: string })[];
}

/** Compiles a customer with its keys and budgets as of one moment and puts it into the directory. */
export async function publishCustomer(ctx: ServiceContext, providerId: string, customerId: string): Promise<void> {
  const compiled = await withTenant(
    ctx.db,
    { providerId, customerId },
    (tx) => compileCustomer(tx, providerId, customerId, ctx.clock()),
    { isolationLevel: 'RepeatableRead' },
  );
  await ctx.state.directory.putCustomer(compiled.customer, compiled.keys);
}

/** What the directory says of a customer. Revoked keys stay out: a key that is not found is refused like any other. */
export async function compileCustomer(
  tx: Tx,
  providerId: string,
  customerId: string,
  nowMs: number,
): Promise<CompiledCustomer> {
  const customer = await tx.customer.findFirst({ where: { providerId, id: customerId } });
  if (!customer) throw notFound();
  const subscriptions = await tx.subscription.findMany({
    where: { providerId, customerId },
    orderBy: [{ startedAt: 'asc' }, { id: 'asc' }],
    select: { id: true, planVersionId: true, status: true, startedAt: true },
  });
  const [first] = subscriptions;
  const active = subscriptions.find(({ status }) => status === 'active');
  const keys = await tx.apiKey.findMany({
    where: { providerId, customerId, revokedAt: null, agent: { archivedAt: null } },
    include: { agent: { select: { projectId: true } } },
    orderBy: { id: 'asc' },
  });
  const budgets = await tx.budget.findMany({ where: { providerId, customerId } });
  const balances = await balancesOf(tx, providerId, customerId);
  const creditedPayments = balances.length === 0 ? [] : await creditedPaymentsOf(tx, providerId, customerId);
  // Those that ended are there until the next publication; gateways go by the time of each.
  const approvals = await tx.paymentApproval.findMany({
    where: { providerId, customerId, state: { in: ['once', 'day'] }, expiresAt: { gt: new Date(nowMs) } },
    orderBy: [{ expiresAt: 'desc' }, { id: 'desc' }],
    take: PAYMENT_APPROVALS_MAX,
  });
  const bySubject = new Map(budgets.map((budget) => [`${budget.subject}:${budget.subjectId}`, budget]));
  return {
    customer: {
      customerId,
      providerId,
      version: customer.version,
      status: customer.archivedAt === null ? customer.status : 'suspended',
      ...(customer.overdueSince === null ? {} : { overdueSinceMs: customer.overdueSince.getTime() }),
      subscriptionId: active?.id ?? null,
      planVersionId: active?.planVersionId ?? null,
      // The first of all: a customer that ends one and subscribes again goes on in its cycle, with what it has used there.
      ...(first === undefined ? {} : { billingAnchorAtMs: first.startedAt.getTime() }),
      ...(creditedPayments.length === 0 ? {} : { creditedPayments }),
      ...(approvals.length === 0 ? {} : { approvals: approvals.map(toPaymentApproval) }),
    },
    keys: keys.map((key) => {
      const credit = balanceOfKey(balances, key);
      return { ...keyRecordOf(key, bySubject), ...(credit === undefined ? {} : { credit }) };
    }),
  };
}

function keyRecordOf(
  key: DbApiKey & { agent: { projectId: string | null } },
  bySubject: ReadonlyMap<string, DbBudget>,
): KeyRecord & { hash: string } {
  const path = [
    `customer:${key.customerId}`,
    ...(key.agent.projectId === null ? [] : [`project:${key.agent.projectId}`]),
    `agent:${key.agentId}`,
    `key:${key.id}`,
  ];
  return {
    keyId: key.id,
    agentId: key.agentId,
    projectId: key.agent.projectId,
    status: 'active',
    expiresAtMs: key.expiresAt?.getTime() ?? null,
    livemode: key.livemode,
    ...(key.scopes.length === 0 ? {} : { scopes: key.scopes }),
    ...metadataOf(key),
    budgetNodes: path.flatMap((subject) => {
      const budget = bySubject.get(subject);
      return budget ? [budgetNodeOf(budget)] : [];
    }),
    hash: key.hash,
  };
}

function metadataOf(key: DbApiKey): Pick<KeyRecord, 'metadata'> {
  const metadata = keyMetadata.parse(key.metadata);
  return Object.keys(metadata).length === 0 ? {} : { metadata };
}

function budgetNodeOf(budget: DbBudget): KeyRecord['budgetNodes'][number] {
  return {
    node: `budget:${budget.id}`,
    limitNanoUsd: nanoUsd(budget.limitNanoUsd),
    period: budget.period as KeyRecord['budgetNodes'][number]['period'],
    ...(budget.soft ? { soft: true } : {}),
  };
}
