import { type ChannelRecord, channelKeyOf, isUnderWay, type PaymentRecord, toJson } from '@tollwright/contracts';
import type { Channel, ChannelRefusal, ChannelStore, VoucherReply } from '../channel-store.ts';
import { type ClaimRequest, StateRejected } from '../port.ts';
import { toChannel } from '../wire/channel.ts';
import { type ClaimFields, claimOf } from './claims.ts';
import type { RedisConnection } from './connection.ts';
import { CLAIM_SHARDS, channelKeys, claimKeys, closingChannels } from './keys.ts';
import { channelFields, closeChannelScript, openChannelScript, settleChannelScript } from './scripts/channel.ts';
import { claimVoucherScript } from './scripts/claim.ts';
import { lend, noteStanding } from './unsettled.ts';

type ChannelFields = readonly (string | null)[];
type WireReply =
  | readonly [done: 0 | 1, claim: ClaimFields, channel: ChannelFields]
  | readonly [done: -1, reason: ChannelRefusal, channel: ChannelFields];

/** Channels, each in the shard of its claims. */
export function redisChannels(connection: RedisConnection): ChannelStore {
  const names = channelFields.split(', ').map((name) => name.slice(1, -1));
  const get = async (channelKey: string) =>
    channelOf(channelKey, await connection.command<ChannelFields>('HMGET', channelKeys(channelKey).record, ...names));
  return {
    get,
    async open(record, { depositAtomic, settledAtomic }) {
      const { record: key, mark } = channelKeys(record.channelKey);
      const args = [toJson(record), `${depositAtomic}`, `${settledAtomic}`];
      const channel = channelOf(record.channelKey, await connection.run(openChannelScript, [key, mark], args));
      if (channel === null) throw new Error('a channel has no fields');
      await noteStanding(connection, channel);
      return channel;
    },
    async claim(record, request, lent) {
      const { claimKey, paymentId, details } = record;
      const channelKey = channelKeyOf(claimKey);
      if (channelKey === null || details.cumulative === undefined || details.signature === undefined) {
        throw new StateRejected(`${claimKey} is no claim on a channel`);
      }
      const isLent = await lend(connection, record, lent.payerMaxAtomic);
      if (!isLent && (await isFree(connection, claimKeys(claimKey).record))) {
        const known = await get(channelKey);
        return { kind: 'refused', reason: known?.record == null ? 'unknown' : 'payer-unsettled', channel: known };
      }
      const reply = replyOf(channelKey, claimKey, await claimAlone(connection, record, request, lent.channelMaxAtomic));
      const isOwn = reply.kind !== 'refused' && reply.claim.paymentId === paymentId && isUnderWay(reply.claim.state);
      if (!isOwn && reply.channel !== null) await noteStanding(connection, reply.channel, paymentId);
      return reply;
    },
    async close(channelKey, voucher) {
      const { record, mark, closing } = channelKeys(channelKey);
      const args = voucher === null ? [channelKey] : [channelKey, `${voucher.cumulativeAtomic}`, voucher.signature];
      const channel = channelOf(channelKey, await connection.run(closeChannelScript, [record, mark, closing], args));
      return channel?.record === null ? null : channel;
    },
    async closing(afterChannelKey, limit) {
      const lowest = afterChannelKey === '' ? '-' : `(${afterChannelKey}`;
      const pages = Array.from({ length: CLAIM_SHARDS }, (_, shard) =>
        connection.command<string[]>('ZRANGE', closingChannels(shard), lowest, '+', 'BYLEX', 'LIMIT', 0, limit),
      );
      const keys = (await Promise.all(pages)).flat().sort().slice(0, limit);
      const found = await Promise.all(keys.map(get));
      return found.filter((channel) => channel?.state === 'closing').filter((channel) => channel !== null);
    },
    async settled(channelKey, settledAtomic, transaction) {
      const { record, closing } = channelKeys(channelKey);
      const args = [channelKey, `${settledAtomic}`, transaction ?? ''];
      const channel = channelOf(channelKey, await connection.run(settleChannelScript, [record, closing], args));
      if (channel !== null) await noteStanding(connection, channel);
      return channel;
    },
  };
}

/** The claim in one step with its channel, once its payer has room for it. */
function claimAlone(
  connection: RedisConnection,
  record: PaymentRecord,
  { callId, spoolId, requestHash }: ClaimRequest,
  channelMaxAtomic: bigint,
): Promise<WireReply> {
  const { claimKey, paymentId, state, version, transaction, amountAtomic, details } = record;
  const { record: key, open, mark, channel } = claimKeys(claimKey);
  const claimed = [claimKey, paymentId, callId, spoolId, requestHash, state, version, transaction ?? ''];
  const taken = [amountAtomic, details.cumulative ?? '', details.signature ?? '', `${channelMaxAtomic}`];
  return connection.run(claimVoucherScript, [key, open, mark, ...channel], [...claimed, toJson(record), ...taken]);
}

function replyOf(channelKey: string, claimKey: string, [done, said, fields]: WireReply): VoucherReply {
  const channel = channelOf(channelKey, fields);
  if (done === -1) return { kind: 'refused', reason: said, channel };
  const claim = claimOf(claimKey, said);
  if (claim === null || channel === null) throw new Error('a claim on a channel has no fields');
  return { kind: done === 1 ? 'claimed' : 'taken', claim, channel };
}

/** Whether nobody has a claim: one that was made is shown again, whatever room there is. */
async function isFree(connection: RedisConnection, claimKey: string): Promise<boolean> {
  const state = await connection.command<string | null>('HGET', claimKey, 'state');
  return state === null || state === 'released';
}

function channelOf(channelKey: string, fields: ChannelFields): Channel | null {
  if (fields.every((field) => field == null)) return null;
  const [state, record, deposit, settled, spent, held, voucher, signature, transaction] = fields;
  return toChannel({
    channelKey,
    state: (state ?? 'open') as Channel['state'],
    record: record == null ? null : (JSON.parse(record) as ChannelRecord),
    ...{ depositAtomic: deposit ?? '0', settledAtomic: settled ?? '0' },
    ...{ spentAtomic: spent ?? '0', heldAtomic: held ?? '0' },
    ...{ voucherAtomic: voucher ?? null, signature: signature ?? null, transaction: transaction ?? null },
  });
}
