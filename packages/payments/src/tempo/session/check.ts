import { CHANNEL_ATOMIC_MAX, voucherClaimKey } from '@tollwright/contracts';
import {
  type ChannelDescriptor,
  chainIdOf,
  channelIdOf,
  depositOf,
  parseSessionPayload,
  recoverSigner,
  type SessionPayload,
  sameHex,
  tempoChannelReserve,
  topUpData,
  transactionHash,
  voucherDigest,
  voucherSignerOf,
} from '@tollwright/protocols';
import type { RailChannel } from '../../channel.ts';
import type { AnsweredChallenge } from '../../mpp/mpp-method.ts';
import type { Checked, PaymentFacts } from '../../rail.ts';
import { validityMarginSeconds } from '../../x402/check.ts';
import type { ReadTransaction } from '../transaction.ts';
import type { SignedDeposit } from './channel-chain.ts';
import { type SessionOffer, type SessionTerms, sessionOfferOf } from './offer.ts';

/** A call's payment by a voucher, and the deposit that opens its channel where one came. */
export type SessionPayment = PaymentFacts & {
  readonly rail: 'tempo';
  readonly scheme: 'session';
  readonly offer: SessionOffer;
  readonly railChannel: RailChannel;
  readonly challengeId: string;
  readonly cumulativeAtomic: bigint;
  readonly deposit: SignedDeposit | null;
};

/** A payload that was found to be about one channel of the offer's, by who may speak for it. */
export type JudgedPayload = {
  readonly payload: SessionPayload;
  readonly channel: RailChannel;
  readonly deposit: SignedDeposit | null;
};

type Judged = { readonly kind: 'judged'; readonly value: JudgedPayload } | Refused;
type Refused = { readonly kind: 'refused'; readonly reason: string };
type Asked = Pick<AnsweredChallenge, 'payload' | 'source'> & { readonly nowMs: number };

/** A voucher has no end. What it paid for may take so long, and be asked again. */
const servedWithinMs = 600_000;

/** Judges what is to pay for a call: an opening or a voucher. Nothing leaves the machine. */
export function checkSession(answered: AnsweredChallenge, read: ReadTransaction): Checked<SessionPayment> {
  const offer = sessionOfferOf(answered);
  if (offer === null) return refused('invalid-challenge');
  const { payload, source, call, challenge } = answered;
  const judged = judgePayload({ payload, source, nowMs: call.nowMs }, offer, read);
  if (judged.kind === 'refused') return judged;
  const { payload: said, channel, deposit } = judged.value;
  if (said.action !== 'open' && said.action !== 'voucher') return refused('invalid-payload');
  if (said.cumulativeAmount < offer.amountAtomic) return refused('session/delta-too-small');
  const { channelKey, details } = channel;
  const cumulative = said.cumulativeAmount.toString();
  return {
    kind: 'accepted',
    payment: {
      ...{ rail: 'tempo', scheme: 'session', protocolVersion: 1, offer, payer: channel.payer, deposit },
      ...{ railChannel: channel, challengeId: challenge.id, cumulativeAtomic: said.cumulativeAmount },
      claimKey: voucherClaimKey(channelKey, said.cumulativeAmount),
      nonce: cumulative,
      validBeforeMs: call.nowMs + servedWithinMs,
      details: { ...details, challengeId: challenge.id, cumulative, signature: said.signature },
      paymentIdentifier: challenge.id,
    },
  };
}

/**
 * Judges whether a payload speaks for a channel between its payer and the offer's recipient: by the channel's name, which is
 * a hash of all parties, by the voucher's signature, and by the payer's transaction. Nothing leaves the machine.
 */
export function judgePayload({ payload, source, nowMs }: Asked, offer: SessionTerms, read: ReadTransaction): Judged {
  const parsed = parseSessionPayload(payload);
  const chainId = chainIdOf(offer.network);
  if (parsed.kind === 'malformed' || chainId === null) return refused('invalid-payload');
  const said = parsed.value;
  if (said.descriptor === undefined) return refused('invalid-payload');
  const descriptor = lowered(said.descriptor);
  const channelId = channelIdOf(chainId, descriptor);
  if (!sameHex(channelId, said.channelId)) return refused('session/channel-mismatch');
  if (!sameHex(descriptor.payee, offer.payTo) || !sameHex(descriptor.operator, offer.operator)) {
    return refused('session/recipient-mismatch');
  }
  if (!sameHex(descriptor.token, offer.asset)) return refused('session/another-token');
  const signer = voucherSignerOf(descriptor);
  if (source !== null && ![descriptor.payer, signer].some((who) => sameHex(source, didOf(offer, who)))) {
    return refused('source-mismatch');
  }
  const wrong = said.action === 'topUp' ? null : wrongVoucher(said, chainId, signer);
  if (wrong !== null) return refused(wrong);
  const channel = channelOf(offer, channelId, descriptor);
  if (said.action !== 'open' && said.action !== 'topUp') {
    return { kind: 'judged', value: { payload: said, channel, deposit: null } };
  }
  const deposit = depositIn(said, descriptor, { chainId, nowMs, read });
  if (typeof deposit === 'string') return refused(deposit);
  return { kind: 'judged', value: { payload: said, channel, deposit } };
}

function wrongVoucher(
  { channelId, cumulativeAmount, signature }: Extract<SessionPayload, { signature: string }>,
  chainId: bigint,
  signer: string,
): string | null {
  if (cumulativeAmount > CHANNEL_ATOMIC_MAX) return 'session/amount-exceeds-deposit';
  const by = recoverSigner(voucherDigest(chainId, { channelId, cumulativeAmount }), signature);
  if (by === null) return 'session/invalid-signature';
  return sameHex(by, signer) ? null : 'session/signer-mismatch';
}

/** The transaction of an opening or a top-up, or what is wrong with it. It does that one thing and nothing else. */
function depositIn(
  said: Extract<SessionPayload, { transaction: string }>,
  descriptor: ChannelDescriptor,
  { chainId, nowMs, read }: { readonly chainId: bigint; readonly nowMs: number; readonly read: ReadTransaction },
): SignedDeposit | string {
  const transaction = read(said.transaction);
  if (transaction === null) return 'unsupported-transaction';
  const [call, ...more] = transaction.calls;
  if (call?.to === undefined || more.length > 0 || (call.value ?? 0n) !== 0n) return 'not-one-deposit';
  if (BigInt(transaction.chainId) !== chainId || !sameHex(call.to, tempoChannelReserve)) return 'not-one-deposit';
  if (!sameHex(transaction.sender, descriptor.payer)) return 'sender-mismatch';
  const data = call.data ?? '0x';
  if (said.action === 'open') {
    const deposit = depositOf(data, descriptor);
    if (deposit === null || deposit > CHANNEL_ATOMIC_MAX) return 'not-one-deposit';
    if (!sameHex(transaction.expiringNonceHash, descriptor.expiringNonceHash)) return 'session/channel-mismatch';
    if (said.cumulativeAmount > deposit) return 'session/amount-exceeds-deposit';
  } else if (!sameHex(data, topUpData(descriptor, said.additionalDeposit))) return 'not-one-deposit';
  const nowSeconds = Math.floor(nowMs / 1_000);
  if (!Number.isFinite(transaction.validBefore)) return 'transaction-without-end';
  if (transaction.validBefore < nowSeconds + validityMarginSeconds) return 'payment-expired';
  if (transaction.validAfter > nowSeconds) return 'not-valid-yet';
  const validBeforeMs = transaction.validBefore * 1_000;
  return { raw: said.transaction, transaction: transactionHash(said.transaction), validBeforeMs };
}

function channelOf({ network }: SessionTerms, channelId: string, descriptor: ChannelDescriptor): RailChannel {
  const { payer, payee, token, operator, salt, authorizedSigner, expiringNonceHash } = descriptor;
  return {
    ...{ channelKey: `channel:${network}:${channelId}`, rail: 'tempo', network, asset: token, payer, payTo: payee },
    details: { channelId, operator, salt, authorizedSigner, expiringNonceHash },
  };
}

function lowered(descriptor: ChannelDescriptor): ChannelDescriptor {
  const entries = Object.entries(descriptor).map(([name, value]) => [name, value.toLowerCase()]);
  return Object.fromEntries(entries) as ChannelDescriptor;
}

function didOf({ network }: SessionTerms, who: string): string {
  return `did:pkh:${network}:${who}`;
}

function refused(reason: string): Refused {
  return { kind: 'refused', reason };
}
