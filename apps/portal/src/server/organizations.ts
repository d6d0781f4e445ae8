import 'server-only';
import type { Organizations } from '@tollwright/services';
import { notFound, redirect } from 'next/navigation';
import { cache } from 'react';
import { signInPath } from '../account/sign-in-path.ts';
import { caller } from './caller.ts';
import { currentUser } from './session.ts';

/** The signed-in person; who is not signed in is sent to sign in and comes back to `path`. */
export const requireUser = cache(async (path: string) => (await currentUser()) ?? redirect(signInPath(path)));

const organizations = cache(async (): Promise<Organizations> => (await caller(null)).account.organizations());

/** Everywhere the signed-in person belongs. */
export async function myOrganizations(path: string): Promise<Organizations> {
  await requireUser(path);
  return organizations();
}

/** The provider of a console address, for one of its people; a 404 page for everybody else. */
export async function consoleOf(slug: string) {
  const { providers } = await myOrganizations(`/console/${slug}`);
  const provider = providers.find((each) => each.slug === slug) ?? notFound();
  return { provider, providers, api: await caller({ providerId: provider.id, customerId: null }) };
}

/** The customer of a consumer portal's address, for one of its people; a 404 page for everybody else. */
export async function portalOf(slug: string, customerId: string) {
  const { customers } = await myOrganizations(`/p/${slug}/${customerId}`);
  const customer = customers.find((each) => each.id === customerId && each.provider.slug === slug) ?? notFound();
  return { customer, provider: customer.provider, api: await caller({ providerId: customer.provider.id, customerId }) };
}
