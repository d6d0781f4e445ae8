import type { Role } from '@tollwright/contracts';
import type { Db } from './client.ts';

export interface FoundProvider {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly brandColor: string;
  readonly keyPrefix: string;
  readonly archivedAt: Date | null;
}

/** The provider of this slug, before any tenant is known; null when there is none. */
export async function findProviderBySlug(db: Db, slug: string): Promise<FoundProvider | null> {
  const rows = await db.$queryRaw<FoundProvider[]>`SELECT id, slug, name, brand_color AS "brandColor",
    key_prefix AS "keyPrefix", archived_at AS "archivedAt" FROM find_provider_by_slug(${slug})`;
  return rows[0] ?? null;
}

export interface FoundApiToken {
  readonly id: string;
  readonly providerId: string;
  readonly customerId: string | null;
  readonly scopes: string[];
  readonly role: Role;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
}

/** The management token with this SHA-256 (lower-case hex), revoked and expired ones included; null when there is none. */
export async function findApiToken(db: Db, hash: string): Promise<FoundApiToken | null> {
  const rows = await db.$queryRaw<FoundApiToken[]>`SELECT id, provider_id AS "providerId", customer_id AS "customerId",
    scopes, role::text AS role, expires_at AS "expiresAt", revoked_at AS "revokedAt" FROM find_api_token(${hash})`;
  return rows[0] ?? null;
}

export interface FoundInvitation {
  readonly id: string;
  readonly providerId: string;
  readonly customerId: string | null;
  readonly email: string;
  readonly role: Role;
  readonly expiresAt: Date;
  readonly acceptedAt: Date | null;
  readonly providerName: string;
}

/** The invitation with this token's SHA-256 (lower-case hex), used and expired ones included; null when there is none. */
export async function findInvitation(db: Db, tokenHash: string): Promise<FoundInvitation | null> {
  const rows = await db.$queryRaw<FoundInvitation[]>`SELECT id, provider_id AS "providerId",
    customer_id AS "customerId", email, role::text AS role, expires_at AS "expiresAt", accepted_at AS "acceptedAt",
    provider_name AS "providerName" FROM find_invitation(${tokenHash})`;
  return rows[0] ?? null;
}

export interface ListedTenant {
  readonly providerId: string;
  /** Null for a provider that has no customers yet. */
  readonly customerId: string | null;
}

/** Every provider with its customers, for the worker's rounds. The portal's role may not. */
export async function listTenants(db: Db): Promise<ListedTenant[]> {
  return db.$queryRaw<
    ListedTenant[]
  >`SELECT provider_id AS "providerId", customer_id AS "customerId" FROM list_tenants()`;
}

/** The ids of all providers, for the worker's rounds. The portal's role may not. */
export async function listProviders(db: Db): Promise<string[]> {
  const rows = await db.$queryRaw<Listed[]>`SELECT provider_id AS "providerId" FROM list_providers()`;
  return rows.map(({ providerId }) => providerId);
}

/** What a job of the worker goes round for every few seconds: few providers have some at a time. */
export type WorkerRound = 'refunds' | 'unanswered' | 'channels';

/** The ids of the providers who have something for a round. The portal's role may not. */
export async function listProvidersWith(db: Db, round: WorkerRound): Promise<string[]> {
  const rows = await db.$queryRaw<Listed[]>`SELECT provider_id AS "providerId" FROM list_providers_with(${round})`;
  return rows.map(({ providerId }) => providerId);
}

/** The ids of the providers of whom a payment from before that moment is under way. The portal's role may not. */
export async function listProvidersWithOpenPayments(db: Db, before: Date): Promise<string[]> {
  const rows = await db.$queryRaw<
    Listed[]
  >`SELECT provider_id AS "providerId" FROM list_providers_with_payments_open_since(${before})`;
  return rows.map(({ providerId }) => providerId);
}

/** The ids of the providers who have balances to look at, charges that have not ended, or pages for cards since `openedSince`. */
export async function listProvidersWithTopUps(db: Db, now: Date, openedSince: Date): Promise<string[]> {
  const rows = await db.$queryRaw<
    Listed[]
  >`SELECT provider_id AS "providerId" FROM list_providers_with_top_ups(${now}, ${openedSince})`;
  return rows.map(({ providerId }) => providerId);
}

/** How many deliveries are wanted: `busy` names endpoints that have enough under way. */
export interface DueLimits {
  readonly ofEndpoint: number;
  readonly atMost: number;
  readonly busy: readonly string[];
}

export interface ListedWebhook {
  readonly providerId: string;
  readonly endpointId: string;
  readonly deliveryId: string;
}

/**
 * Deliveries of webhooks that are due, oldest first: at most so many of one endpoint, none of those that are busy, and so many in
 * all. The portal's role may not.
 */
export async function listDueWebhooks(
  db: Db,
  due: Date,
  { ofEndpoint, atMost, busy }: DueLimits,
): Promise<ListedWebhook[]> {
  return db.$queryRaw<ListedWebhook[]>`SELECT provider_id AS "providerId", endpoint_id AS "endpointId",
    delivery_id AS "deliveryId" FROM list_due_webhooks(${due}, ${ofEndpoint}::integer, ${atMost}::integer, ${[...busy]}::text[])`;
}

export interface ListedBilling {
  readonly providerId: string;
  readonly customerId: string;
}

/**
 * Customers whose billing cycle is over by `now`, those who have one that ended before `low` and is not closed, and those with
 * fees on no invoice. `low` null: nothing can be closed. The portal's role may not.
 */
export async function listDueBilling(db: Db, now: Date, low: Date | null): Promise<ListedBilling[]> {
  return db.$queryRaw<ListedBilling[]>`SELECT provider_id AS "providerId", customer_id AS "customerId"
    FROM list_due_billing(${now}::timestamptz, ${low}::timestamptz)`;
}

type Listed = Pick<ListedTenant, 'providerId'>;
