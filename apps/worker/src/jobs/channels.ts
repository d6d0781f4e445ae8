import type { ChannelDesk, RailDesk } from '@tollwright/payments';
import { lookAtChannels, noteChannel, type OpenChannel, type ServiceContext } from '@tollwright/services';
import type { Channel } from '@tollwright/state';
import type { QueueSpec } from '../queue.ts';

/** When vouchers are taken to their chain. */
export interface ChannelRules {
  readonly settleNanoUsd: bigint;
  /** Of all channels of a payer with a provider: from then on each of them is settled. */
  readonly settleOfPayerNanoUsd: bigint;
  readonly settleAfterMs: number;
  readonly idleAfterMs: number;
}

const CLOSING_MAX = 100;
/** Its payer may withdraw 15 minutes after asking: calls that are still under way are not waited for longer. */
const WAIT_FOR_CALLS_MS = 300_000;

/**
 * Takes what vouchers have paid to its chain: channels that close at once, the others by worth, by age, and when their payer has
 * asked the chain, or a person the console, to close them. Every act may be tried again; a channel is paid once.
 */
export function channelsQueue(ctx: ServiceContext, desks: readonly RailDesk[], rules: ChannelRules): QueueSpec {
  return {
    name: 'channels',
    concurrency: 1,
    jobs: [
      { name: 'close', everyMs: 500, run: () => closeChannels(ctx, desks) },
      { name: 'settle', everyMs: 10_000, run: () => settleChannels(ctx, desks, rules) },
    ],
  };
}

/** Ends the channels that gateways or their payers close: takes what was spent, and the payer gets the rest. */
export async function closeChannels(ctx: ServiceContext, desks: readonly RailDesk[]) {
  const counts = { closed: 0, waiting: 0 };
  for (const channel of await ctx.state.channels.closing('', CLOSING_MAX)) {
    const isClosed = await closeChannel(ctx, desks, channel).catch((error: unknown) => told(ctx, channel, error));
    counts[isClosed ? 'closed' : 'waiting'] += 1;
  }
  return counts.closed === 0 ? null : counts;
}

async function closeChannel(ctx: ServiceContext, desks: readonly RailDesk[], channel: Channel): Promise<boolean> {
  const { channelKey, record, voucher, depositAtomic, spentAtomic, heldAtomic } = channel;
  const desk = record === null ? undefined : deskOf(desks, record);
  if (record === null || desk === undefined) return false;
  if (heldAtomic > 0n && !(await isUrgent(ctx, desk, record))) return false;
  const act = await desk.close(record, voucher, spentAtomic);
  if (act.kind !== 'done' || act.transaction === null) {
    throw new Error(act.kind === 'unavailable' ? act.reason : 'the channel is gone');
  }
  const { settledAtomic, transaction } = act;
  const deposit = depositAtomic === 0n ? {} : { depositAtomic };
  await noteChannel(ctx, record, { ...deposit, settledAtomic, transaction });
  await ctx.state.channels.settled(channelKey, settledAtomic, transaction);
  return true;
}

async function isUrgent({ clock }: ServiceContext, desk: ChannelDesk, record: OpenChannel['record']): Promise<boolean> {
  const { closeRequestedAt } = await desk.read(record);
  return closeRequestedAt !== 0 && clock() - closeRequestedAt * 1_000 > WAIT_FOR_CALLS_MS;
}

/**
 * Looks at open channels on their chain, settles what is due there, and has those closed that their payers, or people of their
 * provider, want closed.
 */
export async function settleChannels(ctx: ServiceContext, desks: readonly RailDesk[], rules: ChannelRules) {
  const counts = { settled: 0, closing: 0, failed: 0 };
  const channels = await lookAtChannels(ctx);
  const ofPayers = unsettledOf(channels);
  for (const channel of channels) {
    const desk = deskOf(desks, channel.record);
    if (desk === undefined) continue;
    try {
      const done = await lookAfter(ctx, desk, channel, rules, ofPayers);
      if (done !== null) counts[done] += 1;
    } catch (error) {
      counts.failed += 1;
      told(ctx, channel.record, error);
    }
  }
  return counts.settled + counts.closing === 0 ? null : counts;
}

async function lookAfter(
  ctx: ServiceContext,
  desk: ChannelDesk,
  channel: OpenChannel,
  rules: ChannelRules,
  ofPayers: ReadonlyMap<string, bigint>,
): Promise<'settled' | 'closing' | null> {
  const { record, due } = channel;
  const onChain = await desk.read(record);
  const isGone = onChain.depositAtomic === 0n;
  const isIdle = ctx.clock() - +channel.usedAt > rules.idleAfterMs;
  if (!isGone && onChain.depositAtomic !== channel.depositAtomic) {
    await noteChannel(ctx, record, { depositAtomic: onChain.depositAtomic });
  }
  const isAsked = onChain.closeRequestedAt !== 0;
  if (isGone || isAsked || isIdle || channel.isClosing) {
    const requested = isAsked ? { closeRequestedAt: new Date(onChain.closeRequestedAt * 1_000) } : {};
    await noteChannel(ctx, record, { isClosing: true, ...requested });
    // A store that has lost the channel learns of it anew, so that no voucher of it pays any more.
    await ctx.state.channels.open(record, onChain);
    const closing = await ctx.state.channels.close(record.channelKey, null);
    if (closing?.state === 'closed') {
      const { settledAtomic } = closing;
      await noteChannel(ctx, record, { settledAtomic, transaction: closing.transaction ?? '' });
    }
    return 'closing';
  }
  const isOwed = due !== null && due.cumulativeAtomic > onChain.settledAtomic;
  const isMuch = (ofPayers.get(payerKey(channel)) ?? 0n) >= rules.settleOfPayerNanoUsd;
  if (!isOwed || !(isMuch || isDue(ctx, channel, rules))) {
    // What a store that was lost counts of a payer begins with the chain.
    await ctx.state.channels.open(record, onChain);
    return null;
  }
  const act = await desk.settle(record, due);
  if (act.kind !== 'done') throw new Error(act.kind === 'unavailable' ? act.reason : 'the channel is gone');
  await noteChannel(ctx, record, { settledAtomic: act.settledAtomic });
  await ctx.state.channels.settled(record.channelKey, act.settledAtomic, null);
  return 'settled';
}

/** What waits for chains, in nano-dollars, by provider and payer. */
function unsettledOf(channels: readonly OpenChannel[]): ReadonlyMap<string, bigint> {
  const sums = new Map<string, bigint>();
  for (const channel of channels) {
    const key = payerKey(channel);
    sums.set(key, (sums.get(key) ?? 0n) + channel.unsettledNanoUsd);
  }
  return sums;
}

function payerKey({ record: { providerId, payer } }: OpenChannel): string {
  return `${providerId} ${payer}`;
}

function isDue({ clock }: ServiceContext, { unsettledNanoUsd, unsettledSince }: OpenChannel, rules: ChannelRules) {
  if (unsettledNanoUsd >= rules.settleNanoUsd && unsettledNanoUsd > 0n) return true;
  return unsettledSince !== null && clock() - +unsettledSince >= rules.settleAfterMs;
}

function deskOf(desks: readonly RailDesk[], { rail }: OpenChannel['record']): ChannelDesk | undefined {
  return desks.find(({ name }) => name === rail)?.channels;
}

function told(ctx: ServiceContext, { channelKey }: Pick<Channel, 'channelKey'>, error: unknown): false {
  ctx.onError(`channel ${channelKey}`, error);
  return false;
}
