import 'server-only';
import type { Storefront } from '@tollwright/services';
import { TRPCError } from '@trpc/server';
import { notFound } from 'next/navigation';
import { cache } from 'react';
import { caller } from './caller.ts';

/** What a provider shows to anybody; a 404 page for a slug that nobody has. */
export const storefrontOf = cache(async (slug: string): Promise<Storefront> => {
  const api = await caller(null);
  return api.account.storefront({ slug }).catch((error: unknown) => {
    if (error instanceof TRPCError && (error.code === 'NOT_FOUND' || error.code === 'BAD_REQUEST')) notFound();
    throw error;
  });
});
