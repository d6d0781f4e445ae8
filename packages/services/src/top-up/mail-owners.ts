import type { DbTopUpRule, Tx } from '@tollwright/db';
import { enqueue } from '../change.ts';
import type { ServiceContext } from '../context.ts';

/** Writes to all owners of a customer, with the way to where on their billing page it is set. Answers the outbox rows. */
export async function mailOwners(
  tx: Tx,
  ctx: ServiceContext,
  { providerId, customerId }: Pick<DbTopUpRule, 'providerId' | 'customerId'>,
  { subject, text }: { readonly subject: string; readonly text: string },
  section: 'top-up' | 'credit' | 'invoices' = 'top-up',
): Promise<string[]> {
  const provider = await tx.provider.findUniqueOrThrow({ where: { id: providerId } });
  const owners = await tx.membership.findMany({
    where: { providerId, customerId, role: 'owner' },
    include: { user: { select: { email: true } } },
    orderBy: { id: 'asc' },
  });
  const page = `${ctx.publicUrls.portalUrl}/p/${provider.slug}/${customerId}/billing#${section}`;
  const sent: string[] = [];
  for (const { user } of owners) {
    const message = { to: user.email, subject: `${provider.name}: ${subject}`, text: `${text}\n\n${page}\n` };
    sent.push(await enqueue(ctx, tx, providerId, { kind: 'mail', ...message }));
  }
  return sent;
}
