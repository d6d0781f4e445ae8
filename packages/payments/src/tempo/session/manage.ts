import { type MppCredential, parseSessionPayload, verifyChallenge } from '@tollwright/protocols';
import type { ChannelCredential, CheckedAction } from '../../channel.ts';
import { scopeSaid } from '../../mpp/binding.ts';
import type { MppIssuer } from '../../mpp/mpp-method.ts';
import { presentedTo } from '../../mpp/mpp-rail.ts';
import type { RequestHeaders } from '../../rail.ts';
import type { ChainNode } from '../../x402/json-rpc.ts';
import type { ReadTransaction } from '../transaction.ts';
import { openOnChain } from './channel-chain.ts';
import { judgePayload } from './check.ts';
import { sessionTermsOf } from './offer.ts';
import { acceptedOf, sessionReceipt } from './receipt.ts';

type NodeOf = (network: string) => ChainNode;

/** Reads a credential of this method as one that manages a channel; null when a request has none. */
export function managedBy(
  issuer: MppIssuer,
  read: ReadTransaction,
  nodeOf: NodeOf,
  headers: RequestHeaders,
): ChannelCredential | null {
  const shown = presentedTo('tempo', 'session', headers);
  if (shown.kind !== 'presented') return null;
  const { credential } = shown;
  const payload = parseSessionPayload(credential.payload);
  if (payload.kind === 'malformed') return null;
  return {
    action: payload.value.action,
    scope: scopeSaid(credential.challenge.opaque),
    check: (nowMs) => checkAction(issuer, read, nodeOf, credential, nowMs),
  };
}

/**
 * Judges a credential apart from any call: what it says of a channel holds at every address of the seller whom its challenge
 * names.
 */
function checkAction(
  issuer: MppIssuer,
  read: ReadTransaction,
  nodeOf: NodeOf,
  credential: MppCredential,
  nowMs: number,
): CheckedAction {
  const verdict = verifyChallenge(credential, issuer.keyRing, nowMs);
  if (verdict.kind !== 'ok') return { kind: 'refused', reason: verdict.kind };
  const { challenge, payload: shown, source = null } = credential;
  const terms = sessionTermsOf(verdict.request);
  if (challenge.realm !== issuer.realm || terms === null) return { kind: 'refused', reason: 'invalid-challenge' };
  const judged = judgePayload({ payload: shown, source, nowMs }, terms, read);
  if (judged.kind === 'refused') return judged;
  const { payload, channel, deposit } = judged.value;
  const voucher =
    payload.action === 'topUp' ? null : { cumulativeAtomic: payload.cumulativeAmount, signature: payload.signature };
  const { channelId = '' } = channel.details;
  return {
    kind: 'accepted',
    channel,
    voucher,
    open: () => openOnChain(nodeOf(channel.network), channelId, deposit),
    receipt(stands, atMs) {
      const acceptedAtomic = payload.action === 'close' ? payload.cumulativeAmount : acceptedOf(stands);
      const { spentAtomic } = stands;
      const transaction = stands.transaction ?? deposit?.transaction ?? null;
      return sessionReceipt({ challengeId: challenge.id, channelId, acceptedAtomic, spentAtomic, transaction }, atMs);
    },
  };
}
