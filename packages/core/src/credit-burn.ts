import { type NanoUsd, nanoUsd } from './money.ts';

/** Credit that came into a balance at once. */
export interface BurnableGrant {
  readonly id: string;
  /** 0 to 100; the lower burns first. */
  readonly priority: number;
  /** Null: never. */
  readonly expiresAtMs: number | null;
  /** Given, not paid for. */
  readonly promotional: boolean;
  readonly createdAtMs: number;
  readonly leftNanoUsd: NanoUsd;
}

/** What a draw took of one grant. */
export interface BurntPart {
  readonly id: string;
  readonly promotional: boolean;
  readonly amountNanoUsd: NanoUsd;
}

export interface Burnt {
  readonly parts: readonly BurntPart[];
  /** What no grant was left for. */
  readonly missingNanoUsd: NanoUsd;
}

export const GRANT_PRIORITY_MAX = 100;
/** What a grant has where nobody says otherwise, and every payment's. */
export const GRANT_PRIORITY_DEFAULT = 50;

/** Whether a grant can pay for a call of that moment. Its last moment is the one before `expiresAtMs`. */
export function isExpired({ expiresAtMs }: Pick<BurnableGrant, 'expiresAtMs'>, atMs: number): boolean {
  return expiresAtMs !== null && expiresAtMs <= atMs;
}

/** The order in which grants burn: priority, then soonest expiry, then promotional before paid, then the oldest, then by id. */
export function compareGrants(a: BurnableGrant, b: BurnableGrant): number {
  return (
    a.priority - b.priority ||
    compare(a.expiresAtMs ?? Number.POSITIVE_INFINITY, b.expiresAtMs ?? Number.POSITIVE_INFINITY) ||
    Number(b.promotional) - Number(a.promotional) ||
    a.createdAtMs - b.createdAtMs ||
    compare(a.id, b.id)
  );
}

/** Burns a draw of a moment over grants, in their order. Grants that have expired by then are left alone. */
export function burnCredit(drawNanoUsd: NanoUsd, grants: readonly BurnableGrant[], atMs: number): Burnt {
  const parts: BurntPart[] = [];
  let missing: bigint = drawNanoUsd;
  for (const grant of [...grants].sort(compareGrants)) {
    if (missing === 0n) break;
    const { id, promotional, leftNanoUsd: left } = grant;
    if (left <= 0n || isExpired(grant, atMs)) continue;
    const amount = left < missing ? left : missing;
    parts.push({ id, promotional, amountNanoUsd: nanoUsd(amount) });
    missing -= amount;
  }
  return { parts, missingNanoUsd: nanoUsd(missing) };
}

/** The grants with what a draw left of them. */
export function afterBurning<T extends BurnableGrant>(grants: readonly T[], { parts }: Pick<Burnt, 'parts'>): T[] {
  const taken = new Map<string, bigint>();
  for (const { id, amountNanoUsd } of parts) taken.set(id, (taken.get(id) ?? 0n) + amountNanoUsd);
  return grants.map((grant) => ({ ...grant, leftNanoUsd: nanoUsd(grant.leftNanoUsd - (taken.get(grant.id) ?? 0n)) }));
}

function compare<T extends number | string>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
