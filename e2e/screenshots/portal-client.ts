import type { APIRequestContext } from '@playwright/test';
import { readLocal } from '../local.ts';

/** Whom calls speak for: a provider, or one of its customers. */
export interface Organization {
  readonly providerId: string;
  readonly customerId: string | null;
}

/** Asks a procedure of the portal with the session of `request`, as the portal's own pages do. Throws when it refuses. */
export async function ask<Output>(
  request: APIRequestContext,
  procedure: string,
  input: object | null = null,
  organization: Organization | null = null,
): Promise<Output> {
  const isQuery = input === null;
  const url = `${readLocal().portalUrl}/api/trpc/${procedure}`;
  const headers = organization ? { 'x-tollwright-organization': nameOf(organization) } : {};
  const response = isQuery ? await request.get(url, { headers }) : await request.post(url, { headers, data: input });
  if (!response.ok()) throw new Error(`${procedure} was answered ${response.status()}: ${await response.text()}`);
  return ((await response.json()) as { result: { data: Output } }).result.data;
}

/** Opens a session by e-mail and password. False when they do not open one. */
export async function openSession(
  request: APIRequestContext,
  credentials: { readonly email: string; readonly password: string },
): Promise<boolean> {
  const auth = `${readLocal().portalUrl}/api/auth`;
  const { csrfToken } = (await (await request.get(`${auth}/csrf`)).json()) as { csrfToken: string };
  const { email, password } = credentials;
  const form = { csrfToken, email, password, json: 'true' };
  return (await request.post(`${auth}/callback/credentials`, { form })).ok();
}

function nameOf({ providerId, customerId }: Organization): string {
  return customerId === null ? providerId : `${providerId}/${customerId}`;
}
