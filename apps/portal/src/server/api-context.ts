import 'server-only';
import { randomBytes } from 'node:crypto';
import type { ApiContext, Organization } from '@tollwright/api';
import { makeId } from '@tollwright/core';
import { type Actor, ANONYMOUS, resolveToken } from '@tollwright/services';
import { services } from './services.ts';
import { currentUser } from './session.ts';

/** Names the organization that a page speaks for: `prv_…` or `prv_…/cus_…`. Whether the person may is the verbs' affair. */
export const ORGANIZATION_HEADER = 'x-tollwright-organization';

/** The context of a request of the management API: by token only. */
export async function tokenContext(request: Request): Promise<ApiContext> {
  const bearer = /^Bearer (\S+)$/i.exec(request.headers.get('authorization') ?? '')?.[1];
  const actor = bearer === undefined ? null : await resolveToken(services(), bearer);
  const organization = actor?.kind === 'token' ? { providerId: actor.providerId, customerId: actor.customerId } : null;
  return { services: services(), actor: actor ?? ANONYMOUS, organization, requestId: requestId() };
}

/** The context of the portal's own pages: by session. */
export async function sessionContext(organization: Organization | null): Promise<ApiContext> {
  const user = await currentUser();
  const actor: Actor = user ? { kind: 'user', userId: user.id } : ANONYMOUS;
  return { services: services(), actor, organization, requestId: requestId() };
}

export function organizationOf(header: string | null): Organization | null {
  const match = /^(prv_[0-9a-z]{26})(?:\/(cus_[0-9a-z]{26}))?$/.exec(header ?? '');
  return match?.[1] === undefined ? null : { providerId: match[1], customerId: match[2] ?? null };
}

function requestId(): string {
  return makeId('request', Date.now(), randomBytes(10));
}
