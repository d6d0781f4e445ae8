import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { read } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { customerId, providerId, toTimestamp } from '../fields.ts';
import { type Page, pageInput, pageOf, pageQuery, toPage } from '../page.ts';
import { parse } from '../parse.ts';

const auditOutput = z.object({
  id: z.string(),
  actor: z.string().meta({ description: 'user:<id>, token:<id> or system' }),
  action: z.string(),
  targetId: z.string(),
  createdAt: z.string(),
});

export const listAuditInput = z.object({ providerId, customerId: customerId.optional(), ...pageInput });
export const listAuditOutput = pageOf(auditOutput);

/** Who changed what in an organization, newest first. */
export async function listAudit(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof listAuditInput>,
): Promise<Page<z.output<typeof auditOutput>>> {
  const wanted = parse(listAuditInput, input);
  const access = await authorize(ctx, actor, wanted, 'read');
  const { take, orderBy, after } = pageQuery(wanted, 'desc');
  const where = {
    providerId: wanted.providerId,
    id: after,
    ...(access.customerId === null ? {} : { customerId: access.customerId }),
  };
  const rows = await read(ctx, access, (tx) => tx.auditEntry.findMany({ where, orderBy, take }));
  return toPage(rows, wanted.limit, ({ id, actor: who, action, targetId, createdAt }) => ({
    id,
    actor: who,
    action,
    targetId,
    createdAt: toTimestamp(createdAt),
  }));
}
