import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { read } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { customerId, providerId } from '../fields.ts';
import { type Page, pageInput, pageOf, pageQuery, toPage } from '../page.ts';
import { parse } from '../parse.ts';
import { type CreditGrantOutput, creditGrantOutput, toCreditGrant } from './credit.ts';

export const listCreditGrantsInput = z.object({ providerId, customerId, ...pageInput });
export const listCreditGrantsOutput = pageOf(creditGrantOutput);

/** What came into a customer's balances and was taken back, newest first. */
export async function listCreditGrants(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof listCreditGrantsInput>,
): Promise<Page<CreditGrantOutput>> {
  const wanted = parse(listCreditGrantsInput, input);
  const { providerId, customerId } = wanted;
  const access = await authorize(ctx, actor, wanted, 'read');
  const { take, orderBy, after } = pageQuery(wanted, 'desc');
  const where = { providerId, customerId, id: after };
  const { rows, left } = await read(ctx, access, async (tx) => {
    const rows = await tx.creditGrant.findMany({ where, orderBy, take });
    const lots = await tx.creditLot.findMany({ where: { providerId, grantId: { in: rows.map(({ id }) => id) } } });
    return { rows, left: new Map(lots.map(({ grantId, leftNanoUsd }) => [grantId, leftNanoUsd])) };
  });
  return toPage(rows, wanted.limit, (row) => toCreditGrant(row, left.get(row.id) ?? null));
}
