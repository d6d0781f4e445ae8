import { sql } from '@tollwright/db';
import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { read } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { customerId, providerId } from '../fields.ts';
import { parse } from '../parse.ts';

export const waitingApprovalsInput = z.object({ providerId, customerId });
export const waitingApprovalsOutput = z.object({
  /** Asked, and not decided. */
  waiting: z.int(),
  /** Somebody asked once, or the provider has a route that takes large payments only after an owner's approval. */
  isUsed: z.boolean(),
});

interface Row {
  readonly waiting: bigint;
  readonly is_used: boolean;
}

/** How many approvals wait for a customer's owners, and whether approvals concern the customer at all: one look at the store. */
export async function waitingApprovals(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof waitingApprovalsInput>,
): Promise<z.output<typeof waitingApprovalsOutput>> {
  const { providerId, customerId } = parse(waitingApprovalsInput, input);
  const access = await authorize(ctx, actor, { providerId, customerId }, 'read');
  return read(ctx, access, async (tx) => {
    const [row] = await tx.$queryRaw<Row[]>(sql`
      SELECT count(*) FILTER (WHERE state = 'asked') AS waiting,
        count(*) > 0 OR EXISTS (
          SELECT 1 FROM route r JOIN api a ON a.provider_id = r.provider_id AND a.id = r.api_id
          WHERE r.provider_id = ${providerId} AND r.archived_at IS NULL AND a.archived_at IS NULL AND CASE r.step_up_from
            WHEN 'route' THEN r.step_up_needs = 'owner-approval'
              AND coalesce(r.step_up_above_nano_usd, r.step_up_payer_above_nano_usd) IS NOT NULL
            ELSE a.step_up_needs = 'owner-approval'
              AND coalesce(a.step_up_above_nano_usd, a.step_up_payer_above_nano_usd) IS NOT NULL
          END
        ) AS is_used
      FROM payment_approval WHERE provider_id = ${providerId} AND customer_id = ${customerId}`);
    return { waiting: Number(row?.waiting ?? 0n), isUsed: row?.is_used ?? false };
  });
}
