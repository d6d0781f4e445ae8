import { ProblemError } from '@tollwright/core';
import { type Hold, StateUnavailable } from '@tollwright/state';
import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import type { ServiceContext } from '../context.ts';
import { customerId, providerId } from '../fields.ts';
import { decodeMoment, encodeMoment } from '../moment-cursor.ts';
import { type Page, pageInput, pageOf } from '../page.ts';
import { parse } from '../parse.ts';
import { type HoldOutput, holdOutput, toHold } from './hold.ts';

export const listHoldsInput = z.object({ providerId, customerId, ...pageInput });
export const listHoldsOutput = pageOf(holdOutput);

/**
 * What a customer's running calls hold of its budgets and quotas, the oldest first. A hold that ends between two pages is
 * on neither. Throws `state-unavailable` while the state store cannot be asked: nobody else knows holds.
 */
export async function listHolds(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof listHoldsInput>,
): Promise<Page<HoldOutput>> {
  const wanted = parse(listHoldsInput, input);
  await authorize(ctx, actor, wanted, 'read');
  const size = wanted.limit ?? 50;
  const rest = afterCursor(await holdsOf(ctx, wanted.customerId), wanted.cursor);
  const shown = rest.slice(0, size);
  const last = rest.length > size ? shown.at(-1) : undefined;
  return {
    items: shown.map(toHold),
    nextCursor: last === undefined ? null : encodeMoment({ at: new Date(last.sinceMs), id: last.callId }),
  };
}

async function holdsOf(ctx: ServiceContext, customerId: string): Promise<readonly Hold[]> {
  try {
    return await ctx.state.counters.holds({ tag: `c:${customerId}` });
  } catch (error) {
    if (!(error instanceof StateUnavailable)) throw error;
    ctx.onError('read holds', error);
    throw new ProblemError({
      slug: 'state-unavailable',
      detail: 'The state store, which knows holds, did not answer.',
    });
  }
}

function afterCursor(holds: readonly Hold[], cursor: string | undefined): readonly Hold[] {
  const sorted = [...holds].sort((a, b) => a.sinceMs - b.sinceMs || (a.callId < b.callId ? -1 : 1));
  if (cursor === undefined) return sorted;
  const { at, id } = decodeMoment(cursor);
  const atMs = at.getTime();
  return sorted.filter(({ sinceMs, callId }) => sinceMs > atMs || (sinceMs === atMs && callId > id));
}
