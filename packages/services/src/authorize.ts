import type { Role } from '@tollwright/contracts';
import { ProblemError } from '@tollwright/core';
import { type Tenant, withTenant, withUser } from '@tollwright/db';
import { type Actor, actorName } from './actor.ts';
import type { ServiceContext } from './context.ts';
import { notFound } from './refusals.ts';

/** What a verb acts on: a provider, or one of its customers. */
export interface Target {
  readonly providerId: string;
  readonly customerId?: string | undefined;
}

export type Action = 'read' | 'write';

/** The leave to act: whose rows the transaction may see, and who the audit entry names. */
export interface Access {
  readonly actor: string;
  readonly tenant: Tenant;
  readonly providerId: string;
  readonly customerId: string | null;
  /** `provider` also where a provider's person or token acts on one of its customers. */
  readonly level: 'provider' | 'customer';
}

/**
 * Decides whether an actor may read or write a target. Owners write, every other role reads. A provider's people and
 * tokens act on its customers too; a customer's never on the provider. Throws `not-signed-in` for nobody, `not-found` for
 * an organization that the actor is not in or that does not exist, `forbidden` and `missing-scope` for too little.
 */
export async function authorize(ctx: ServiceContext, actor: Actor, target: Target, action: Action): Promise<Access> {
  const customerId = target.customerId ?? null;
  const standing = await standingOf(ctx, actor, target.providerId, customerId);
  if (customerId !== null) await assertCustomer(ctx, target.providerId, customerId);
  if (action === 'write') assertMayWrite(standing);
  else if (standing.scopes && !standing.scopes.includes('read')) throw missingScope('read');
  const tenant = {
    providerId: target.providerId,
    customerId: customerId ?? '*',
    ...(actor.kind === 'user' ? { userId: actor.userId } : {}),
  };
  return { actor: actorName(actor), tenant, providerId: target.providerId, customerId, level: standing.level };
}

interface Standing {
  readonly role: Role;
  readonly level: 'provider' | 'customer';
  readonly scopes: readonly string[] | null;
}

async function standingOf(
  ctx: ServiceContext,
  actor: Actor,
  providerId: string,
  customerId: string | null,
): Promise<Standing> {
  switch (actor.kind) {
    case 'anonymous':
      throw new ProblemError({ slug: 'not-signed-in', detail: 'This needs a signed-in person or a management token.' });
    case 'system':
      return { role: 'owner', level: 'provider', scopes: null };
    case 'token': {
      if (actor.providerId !== providerId) throw notFound();
      if (actor.customerId !== null && actor.customerId !== customerId) throw notFound();
      return { role: actor.role, level: actor.customerId === null ? 'provider' : 'customer', scopes: actor.scopes };
    }
    case 'user':
      return membershipOf(ctx, actor.userId, providerId, customerId);
  }
}

async function membershipOf(
  ctx: ServiceContext,
  userId: string,
  providerId: string,
  customerId: string | null,
): Promise<Standing> {
  const rows = await withUser(ctx.db, userId, (tx) =>
    tx.membership.findMany({
      where: { userId, providerId, OR: [{ customerId: null }, ...(customerId === null ? [] : [{ customerId }])] },
    }),
  );
  const ofProvider = rows.find((row) => row.customerId === null);
  const ofCustomer = rows.find((row) => row.customerId !== null);
  if (ofCustomer && (ofCustomer.role === 'owner' || ofProvider?.role !== 'owner')) {
    return { role: ofCustomer.role, level: 'customer', scopes: null };
  }
  if (!ofProvider) throw notFound();
  return { role: ofProvider.role, level: 'provider', scopes: null };
}

/** A provider's own actor may name any id: one that is not its customer's is not found. */
async function assertCustomer(ctx: ServiceContext, providerId: string, customerId: string): Promise<void> {
  const row = await withTenant(ctx.db, { providerId, customerId }, (tx) =>
    tx.customer.findFirst({ where: { providerId, id: customerId }, select: { id: true } }),
  );
  if (!row) throw notFound();
}

function assertMayWrite(standing: Standing): void {
  if (standing.scopes && !standing.scopes.includes('write')) throw missingScope('write');
  if (standing.role !== 'owner') {
    throw new ProblemError({ slug: 'forbidden', detail: `This needs the role owner; yours is ${standing.role}.` });
  }
}

function missingScope(scope: string): ProblemError {
  return new ProblemError({ slug: 'missing-scope', detail: `This needs a token with the scope ${scope}.` });
}
