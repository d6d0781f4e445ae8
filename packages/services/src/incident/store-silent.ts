import { listProviders, withTenant } from '@tollwright/db';
import type { ServiceContext } from '../context.ts';
import type { LowWatermark } from '../watermark/progress.ts';
import type { SilentGatewayDetail } from './incident.ts';
import { openIncidents, resolveIncidents } from './open.ts';

type Context = Pick<ServiceContext, 'db' | 'clock' | 'random'>;

/**
 * Tells every provider, once, which gateways are silent; an incident of one that reports again is resolved, one of a gateway that
 * was closed stays for a person. For the worker's database role.
 */
export async function storeSilent(ctx: Context, silent: LowWatermark['silent']): Promise<void> {
  const spoolIds = silent.map(({ spoolId }) => spoolId);
  for (const providerId of await listProviders(ctx.db)) {
    const incidents = silent.map(({ spoolId, seenMs }) => {
      const detail: SilentGatewayDetail = { spoolId, lastHeardAt: new Date(seenMs).toISOString(), closedAt: null };
      return { providerId, customerId: null, kind: 'silent-gateway', detail, livemode: null };
    });
    await withTenant(ctx.db, { providerId, customerId: '*' }, async (tx) => {
      await openIncidents(tx, ctx, incidents);
      const heard = await tx.$queryRaw<{ id: string }[]>`SELECT id FROM incident
        WHERE kind = 'silent-gateway' AND resolved_at IS NULL AND detail ->> 'closedAt' IS NULL
          AND NOT detail ->> 'spoolId' = ANY (${spoolIds}::text[])`;
      await resolveIncidents(
        tx,
        ctx,
        heard.map(({ id }) => id),
      );
    });
  }
}

/** Notes in the incidents of a silent gateway that it was closed. */
export async function noteSilentClosed(ctx: Context, spoolId: string): Promise<void> {
  const closedAt = new Date(ctx.clock()).toISOString();
  for (const providerId of await listProviders(ctx.db)) {
    await withTenant(
      ctx.db,
      { providerId, customerId: '*' },
      (tx) => tx.$executeRaw`UPDATE incident SET detail = jsonb_set(detail, '{closedAt}', to_jsonb(${closedAt}::text))
        WHERE kind = 'silent-gateway' AND detail ->> 'spoolId' = ${spoolId}`,
    );
  }
}
