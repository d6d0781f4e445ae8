import { ProblemError } from '@tollwright/core';
import { fromDbMeter } from '@tollwright/db';
import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { change } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { providerId } from '../fields.ts';
import { parse } from '../parse.ts';
import { addToRollups } from '../usage/rollup.ts';
import { type CloudEvent, cloudEvent } from './cloud-event.ts';
import { occurredAt, toIngestedEventRow } from './event-row.ts';
import { markSeen, storeIngested } from './store.ts';
import { customersOf } from './subjects-of.ts';

const EVENTS_MAX = 5_000;
/** How long after it happened an event is still taken. */
export const EVENT_LATE_DAYS_MAX = 31;
const LATE_MS_MAX = EVENT_LATE_DAYS_MAX * 86_400_000;
/** How far the clock of a sender may be ahead. */
const AHEAD_MS_MAX = 10 * 60_000;

export const ingestEventsInput = z.object({
  providerId,
  events: z.array(cloudEvent).min(1).max(EVENTS_MAX).meta({ description: 'CloudEvents 1.0, one or a batch' }),
});

/**
 * Takes events in, all or none: they are measured by the provider's meters of now, as their subjects' customers. An event
 * whose `source` and `id` came before, or twice in the batch, adds nothing. Charges nothing. Throws `invalid-input` that
 * names every event it cannot take.
 */
export async function ingestEvents(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof ingestEventsInput>,
): Promise<void> {
  const { providerId, events } = parse(ingestEventsInput, input);
  const access = await authorize(ctx, actor, { providerId }, 'write');
  assertTimely(events, ctx.clock());
  await change(ctx, access, async ({ tx, id, now }) => {
    const fresh = await markSeen(tx, providerId, events, now);
    if (fresh.length === 0) return;
    const customers = await customersOf(tx, { providerId, now, id }, fresh);
    const meters = await tx.meter.findMany({ where: { providerId, archivedAt: null }, orderBy: { slug: 'asc' } });
    const context = { providerId, now, ingestedBy: access.actor, meters: meters.map(fromDbMeter) };
    const rows = fresh.map((event) =>
      toIngestedEventRow(context, id('ingestedEvent'), event, customers.get(event.subject) ?? null),
    );
    await storeIngested(tx, rows);
    await addToRollups(tx, { kind: 'ingested', rows });
  });
}

function assertTimely(events: readonly CloudEvent[], nowMs: number): void {
  const errors = events.flatMap((event, index) => {
    const atMs = occurredAt(event, new Date(nowMs)).getTime();
    const path = `events.${index}.time`;
    if (atMs < nowMs - LATE_MS_MAX) return [{ path, message: `must be at most ${EVENT_LATE_DAYS_MAX} days ago` }];
    return atMs > nowMs + AHEAD_MS_MAX ? [{ path, message: 'must not be in the future' }] : [];
  });
  if (errors.length === 0) return;
  const detail = errors.map(({ path, message }) => `${path}: ${message}`).join('; ');
  throw new ProblemError({ slug: 'invalid-input', detail, members: { errors } });
}
