import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { change } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { providerId } from '../fields.ts';
import { parse } from '../parse.ts';
import { notFound } from '../refusals.ts';
import { type ChannelOutput, channelKey, channelOutput, toChannelOutput } from './seen.ts';

export const closeChannelInput = z.object({ providerId, channelKey });
export const closeChannelOutput = channelOutput;

/** Long ago: the worker looks at this channel next. */
const LOOK_NEXT = new Date(0);

/**
 * Has the worker close an open channel: what was spent is settled, and its payer gets the rest. A channel that closes already,
 * or is closed, is answered as it is.
 */
export async function closeChannel(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof closeChannelInput>,
): Promise<ChannelOutput> {
  const { providerId, channelKey: id } = parse(closeChannelInput, input);
  const access = await authorize(ctx, actor, { providerId }, 'write');
  return change(ctx, access, async ({ tx, audit }) => {
    // The worker notes under the same lock what became of the channel.
    await tx.$queryRaw`SELECT 1 FROM payment_channel WHERE id = ${id} FOR UPDATE`;
    const row = await tx.paymentChannel.findFirst({ where: { providerId, id } });
    if (row === null) throw notFound();
    if (row.state !== 'open') return toChannelOutput(row);
    await tx.paymentChannel.updateMany({
      where: { providerId, id },
      data: { state: 'closing', lookedAt: LOOK_NEXT },
    });
    const after = toChannelOutput({ ...row, state: 'closing' });
    await audit({ action: 'channel.close', targetId: id, before: toChannelOutput(row), after });
    return after;
  });
}
