import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { read } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { providerId } from '../fields.ts';
import { type Page, pageInput, pageOf, pageQuery, toPage } from '../page.ts';
import { parse } from '../parse.ts';
import { type StripeAccountOutput, stripeAccountOutput, toStripeAccount } from './stripe-account.ts';

export const listStripeAccountsInput = z.object({ providerId, ...pageInput });
export const listStripeAccountsOutput = pageOf(stripeAccountOutput);

/** The Stripe accounts that take a provider's card payments: at most one a mode. */
export async function listStripeAccounts(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof listStripeAccountsInput>,
): Promise<Page<StripeAccountOutput>> {
  const wanted = parse(listStripeAccountsInput, input);
  const access = await authorize(ctx, actor, { providerId: wanted.providerId }, 'read');
  const { take, orderBy, after } = pageQuery(wanted, 'asc');
  const where = { providerId: wanted.providerId, archivedAt: null, id: after };
  const rows = await read(ctx, access, (tx) => tx.stripeAccount.findMany({ where, orderBy, take }));
  return toPage(rows, wanted.limit, toStripeAccount);
}
