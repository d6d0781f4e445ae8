import type { CallTrace } from '@tollwright/contracts';
import { isDataError, withTenant } from '@tollwright/db';
import type { ServiceContext } from '../context.ts';
import { toStorableJson } from '../storable-json.ts';
import { toTraceRow } from './trace-row.ts';

const BATCH_MAX = 500;

/** What became of the traces of one round. `lost` could not be read or stored; nobody is asked for them again. */
export interface IngestedTraces {
  readonly stored: number;
  readonly lost: number;
  /** There may be more to read. */
  readonly more: boolean;
}

/**
 * Moves the oldest traces from the state store to the control plane. They are removed there once they are stored here: a
 * crash between the two makes a trace come again, which changes nothing.
 */
export async function ingestTraces(ctx: Pick<ServiceContext, 'db' | 'state' | 'onError'>): Promise<IngestedTraces> {
  const entries = await ctx.state.traces.read(BATCH_MAX);
  const byProvider = new Map<string, CallTrace[]>();
  for (const { trace } of entries) {
    if (trace !== null) byProvider.set(trace.providerId, [...(byProvider.get(trace.providerId) ?? []), trace]);
  }
  let stored = 0;
  for (const [providerId, traces] of byProvider) stored += await storeTraces(ctx, providerId, traces);
  await ctx.state.traces.remove(entries.map(({ id }) => id));
  return { stored, lost: entries.length - stored, more: entries.length === BATCH_MAX };
}

/** Answers how many are stored now, those that were there before among them. */
async function storeTraces(
  ctx: Pick<ServiceContext, 'db' | 'onError'>,
  providerId: string,
  traces: readonly CallTrace[],
): Promise<number> {
  try {
    return await withTenant(ctx.db, { providerId, customerId: '*' }, async (tx) => {
      const provider = await tx.provider.findFirst({ where: { id: providerId }, select: { id: true } });
      if (provider === null) return 0;
      const data = JSON.parse(toStorableJson(traces.map(toTraceRow))) as ReturnType<typeof toTraceRow>[];
      await tx.callTrace.createMany({ data, skipDuplicates: true });
      return traces.length;
    });
  } catch (error) {
    if (!isDataError(error)) throw error;
    ctx.onError(`store ${traces.length} call traces of ${providerId}`, error);
    return 0;
  }
}
