import { toJson } from '@tollwright/contracts';
import type { Channel, ChannelRefusal, ChannelStore } from '../channel-store.ts';
import type { ClaimReply } from '../port.ts';
import { toChannel, type WireChannel } from '../wire/channel.ts';
import type { Connection } from './connection.ts';

type WireReply =
  | (ClaimReply & { readonly channel: WireChannel })
  | { readonly kind: 'refused'; readonly reason: ChannelRefusal; readonly channel?: WireChannel };

/** Channels, with what their claims take. */
export function postgresChannels(connection: Connection): ChannelStore {
  const one = async (name: string, text: string, values: readonly unknown[]): Promise<Channel | null> => {
    const found = await connection.value<WireChannel | null>(name, text, values);
    return found === null ? null : toChannel(found);
  };
  return {
    get: (channelKey) => one('state_get_channel', 'SELECT state.get_channel($1)', [channelKey]),
    async open(record, { depositAtomic, settledAtomic }) {
      const values = [toJson(record), depositAtomic, settledAtomic];
      return toChannel(
        await connection.value<WireChannel>('state_open_channel', 'SELECT state.open_channel($1, $2, $3)', values),
      );
    },
    async claim(record, { callId, spoolId, requestHash }, { channelMaxAtomic, payerMaxAtomic }) {
      const text = 'SELECT state.claim_voucher($1, $2, $3, $4, $5, $6)';
      const values = [toJson(record), callId, spoolId, requestHash, channelMaxAtomic, payerMaxAtomic];
      const reply = await connection.value<WireReply>('state_claim_voucher', text, values);
      if (reply.kind !== 'refused') return { ...reply, channel: toChannel(reply.channel) };
      return { ...reply, channel: reply.channel === undefined ? null : toChannel(reply.channel) };
    },
    close: (channelKey, voucher) =>
      one('state_close_channel', 'SELECT state.close_channel($1, $2, $3)', [
        channelKey,
        voucher?.cumulativeAtomic ?? null,
        voucher?.signature ?? null,
      ]),
    async closing(afterChannelKey, limit) {
      const text = 'SELECT state.closing_channels($1, $2)';
      const found = await connection.value<WireChannel[]>('state_closing', text, [afterChannelKey, limit]);
      return found.map(toChannel);
    },
    settled: (channelKey, settledAtomic, transaction) =>
      one('state_settle_channel', 'SELECT state.settle_channel($1, $2, $3)', [channelKey, settledAtomic, transaction]),
  };
}
