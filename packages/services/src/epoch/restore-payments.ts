import { paymentRecord } from '@tollwright/contracts';
import { listProviders, withTenant } from '@tollwright/db';
import type { OpenClaim } from '@tollwright/state';
import type { ServiceContext } from '../context.ts';
import { enterProvider } from '../usage/tenant.ts';

type Context = Pick<ServiceContext, 'db' | 'state'>;

/**
 * Enters every payment that was not released as a claim, so that what was used stays used; first as gateways report theirs,
 * then as Postgres has them, where the newest version stays. Answers how many.
 */
export async function restorePayments(ctx: Context, epoch: number, reported: readonly OpenClaim[]): Promise<number> {
  await ctx.state.epochs.restoreClaims(epoch, reported);
  let restored = reported.length;
  for (const providerId of await listProviders(ctx.db)) {
    const claims = await withTenant(ctx.db, { providerId, customerId: '*' }, async (tx) => {
      await enterProvider(tx, providerId);
      const rows = await tx.$queryRaw<{ body: unknown }[]>`SELECT body FROM payment WHERE state <> 'released'`;
      return rows.map(({ body }): OpenClaim => {
        const record = paymentRecord.parse(body);
        return { record, callId: record.requestId, spoolId: '', requestHash: '' };
      });
    });
    await ctx.state.epochs.restoreClaims(epoch, claims);
    restored += claims.length;
  }
  return restored;
}
