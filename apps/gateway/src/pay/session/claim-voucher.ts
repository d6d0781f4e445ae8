import type { Problem } from '@tollwright/core';
import type { ChannelOpening, Payment, RailChannel, VoucherUse } from '@tollwright/payments';
import type { Channel, ChannelRefusal, ClaimReply } from '@tollwright/state';
import type { Visit } from '../../pipeline/visit.ts';
import type { CompiledApi } from '../../snapshot/compiled-api.ts';
import type { PaymentLedger } from '../payment-ledger.ts';

/**
 * A voucher that was claimed, or what its caller is told. `again`: a new demand says how the channel stands, since its payer
 * can go on from there.
 */
export type VoucherClaim =
  | (ClaimReply & { readonly channel: Channel })
  | { readonly kind: 'again'; readonly reason: string; readonly channel: Channel | undefined }
  | { readonly kind: 'told'; readonly problem: Problem };

type Sold = { readonly visit: Visit; readonly api: CompiledApi; readonly payment: Payment };

/** The worker looks after channels about so often. */
const SETTLED_SECONDS = 10;

/** Claims a voucher. A channel that the store does not know, or whose deposit may have grown, is looked up on its chain first. */
export async function claimVoucher(
  sold: Sold & { readonly voucher: VoucherUse },
  ledger: PaymentLedger,
  requestHash: string,
): Promise<VoucherClaim> {
  const { visit, api, payment, voucher } = sold;
  const { channelUsd, payerUsd } = visit.gateway.unsettledMax;
  const dollar = 10n ** BigInt(payment.offer.decimals);
  const lent = { channelMaxAtomic: BigInt(channelUsd) * dollar, payerMaxAtomic: BigInt(payerUsd) * dollar };
  const first = await ledger.claimVoucher(requestHash, lent);
  if (first.kind !== 'refused') return first;
  if (first.reason !== 'unknown' && first.reason !== 'exceeds-deposit') {
    return refusalOf(first.reason, first.channel, voucher.channel);
  }
  const opening = await voucher.open();
  if (opening.kind !== 'open') return openingRefused(opening, voucher.channel);
  await openChannel(visit, api, voucher.channel, opening);
  const second = await ledger.claimVoucher(requestHash, lent);
  return second.kind === 'refused' ? refusalOf(second.reason, second.channel, voucher.channel) : second;
}

/** Tells the store of a channel as its chain has it. */
export function openChannel(
  { gateway }: Visit,
  { snapshot }: CompiledApi,
  channel: RailChannel,
  { onChain }: Extract<ChannelOpening, { kind: 'open' }>,
): Promise<Channel> {
  const { providerId, livemode } = snapshot;
  return gateway.state.channels.open({ ...channel, providerId, livemode }, onChain);
}

/** What a caller is told whose channel could not be opened. */
export function openingRefused(
  opening: Exclude<ChannelOpening, { kind: 'open' }>,
  channel: RailChannel,
): Extract<VoucherClaim, { kind: 'again' | 'told' }> {
  switch (opening.kind) {
    case 'refused':
      return { kind: 'again', reason: opening.reason, channel: undefined };
    case 'gone':
      return { kind: 'told', problem: goneProblem(opening.reason, channel) };
    case 'unknown': {
      const detail = 'What the chain makes of this channel is not known yet. Send the same credential again.';
      const { transaction } = opening;
      const members = { channelId: channel.details.channelId, state: 'unknown', transaction };
      return { kind: 'told', problem: { slug: 'payment-unknown', detail, members, retryAfterSeconds: 2 } };
    }
  }
}

function refusalOf(
  reason: ChannelRefusal,
  channel: Channel | null,
  named: RailChannel,
): Extract<VoucherClaim, { kind: 'again' | 'told' }> {
  switch (reason) {
    case 'unknown':
      return { kind: 'told', problem: goneProblem('channel-not-found', named) };
    case 'closed':
      return { kind: 'told', problem: goneProblem('channel-finalized', named) };
    case 'exceeds-deposit':
      return { kind: 'again', reason: 'session/amount-exceeds-deposit', channel: channel ?? undefined };
    case 'insufficient':
      return { kind: 'again', reason: 'session/insufficient-balance', channel: channel ?? undefined };
    case 'unsettled':
    case 'payer-unsettled': {
      const whose = reason === 'unsettled' ? 'this channel' : 'your channels';
      const detail = `So much of ${whose} waits to be settled on its chain that no more is lent now.`;
      const members = { reason, channelId: named.details.channelId };
      return {
        kind: 'told',
        problem: { slug: 'payment-in-progress', detail, members, retryAfterSeconds: SETTLED_SECONDS },
      };
    }
  }
}

/** No voucher of the channel pays any more. */
export function goneProblem(reason: 'channel-not-found' | 'channel-finalized', { details }: RailChannel): Problem {
  const detail =
    reason === 'channel-finalized' ? 'This channel is closed. Open a new one.' : 'The chain knows no such channel.';
  return { slug: 'channel-gone', detail, members: { reason, channelId: details.channelId } };
}
