import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { read } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { customerId, idText, providerId } from '../fields.ts';
import { decodeMoment, encodeMoment } from '../moment-cursor.ts';
import { type Page, pageInput, pageOf } from '../page.ts';
import { parse } from '../parse.ts';
import { type ChannelOutput, channelOutput, channelState, toChannelOutput } from './seen.ts';

export const listChannelsInput = z.object({
  providerId,
  customerId: customerId.optional(),
  ...pageInput,
  agentId: idText.optional().meta({ description: 'Whose key was beside the first of its payments that had one' }),
  state: channelState.optional(),
  payer: z.string().max(64).optional(),
  livemode: z.boolean().optional().meta({ description: 'Default: true' }),
});
export const listChannelsOutput = pageOf(channelOutput);

/** Payment channels by which calls were paid, those used last first: all of a provider, or those of a customer's agents. */
export async function listChannels(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof listChannelsInput>,
): Promise<Page<ChannelOutput>> {
  const wanted = parse(listChannelsInput, input);
  const { providerId, customerId, agentId, state, payer, livemode = true, limit: size = 50 } = wanted;
  const access = await authorize(ctx, actor, wanted, 'read');
  return read(ctx, access, async (tx) => {
    const rows = await tx.paymentChannel.findMany({
      where: {
        ...{ providerId, livemode },
        ...(customerId === undefined ? {} : { customerId }),
        ...(agentId === undefined ? {} : { agentId }),
        ...(state === undefined ? {} : { state }),
        ...(payer === undefined ? {} : { payer: payer.toLowerCase() }),
        ...afterUse(wanted.cursor),
      },
      orderBy: [{ usedAt: 'desc' }, { id: 'desc' }],
      take: size + 1,
    });
    const shown = rows.slice(0, size);
    const last = rows.length > size ? shown.at(-1) : undefined;
    return {
      items: shown.map(toChannelOutput),
      nextCursor: last === undefined ? null : encodeMoment({ at: last.usedAt, id: last.id }),
    };
  });
}

function afterUse(cursor: string | undefined) {
  if (cursor === undefined) return {};
  const { at, id } = decodeMoment(cursor);
  return { OR: [{ usedAt: { lt: at } }, { usedAt: at, id: { lt: id } }] };
}
