import {
  credentialBesideKeyName,
  isPaymentScheme,
  issueChallenge,
  type MppCredential,
  mppHeaders,
  type PreparedOffer,
  parseCredential,
  prepareOffer,
  serializeReceipt,
  verifyChallenge,
} from '@tollwright/protocols';
import { defineRail } from '../define-rail.ts';
import type {
  Challenge,
  ChallengeTerms,
  Checked,
  CheckTerms,
  HeaderFields,
  Offer,
  PaymentFacts,
  Presented,
  Rail,
  RequestHeaders,
  Settlement,
} from '../rail.ts';
import { boundTo, digestOf, opaqueOf } from './binding.ts';
import { challengeSeconds, type MppIssuer, type MppMethod } from './mpp-method.ts';

const writtenMax = 1_000;
const descriptionCharactersMax = 400;
const controls = /\p{Cc}/gu;

/** Makes a rail of a method of the Machine Payments Protocol. Its challenges are bound to call, body and key. */
export function defineMppRail<O extends Offer, P extends PaymentFacts>(
  issuer: MppIssuer,
  method: MppMethod<O, P>,
): Rail {
  const written = new Map<string, Written>();
  /** Many ask for the same call at the same price: what their challenges have in common is made once. */
  const write = (offer: O, terms: ChallengeTerms): Written => {
    const memo = method.memoOf(offer);
    if (terms.channel !== undefined) return writeAnew(issuer, method, { ...offer, memo }, terms);
    const key = keyOf(offer, memo, terms);
    const known = written.get(key);
    if (known !== undefined) return known;
    const made = writeAnew(issuer, method, { ...offer, memo }, terms);
    if (written.size >= writtenMax) written.clear();
    written.set(key, made);
    return made;
  };
  return defineRail<O, MppCredential, P>({
    name: method.name,
    scheme: method.intent,
    capabilities: method.capabilities,
    quote: method.quote,
    challenge(offers, terms): Challenge {
      const expiresAtMs = terms.nowMs + challengeSeconds * 1_000;
      const digest = digestOf(terms);
      const headers = offers.map((offer): readonly [string, string] => {
        const { prepared, opaque } = write(offer, terms);
        const issued = issueChallenge(prepared, issuer.keyRing, { expiresAtMs, digest, opaque });
        if (issued.kind === 'malformed') throw new RangeError(`a challenge cannot be written: ${issued.reason}`);
        return [mppHeaders.challenge, issued.value.header];
      });
      return { headers, members: {} };
    },
    parse: (headers) => presentedTo(method.name, method.intent, headers),
    check: (credential, terms) => checkShown(issuer, method, credential, terms),
    verify: method.verify,
    settle: method.settle,
    receipt: method.receipt ?? receiptOf,
    ...(method.voucher === undefined ? {} : { voucher: method.voucher }),
    ...(method.manage === undefined ? {} : { manage: method.manage }),
  });
}

/** What the challenges for one call at one price have in common: the offer, and what they are bound to. */
interface Written {
  readonly prepared: PreparedOffer;
  readonly opaque: string;
}

type Remembered<O> = O & { readonly memo: Readonly<Record<string, string>> };

/** All that `writeAnew` reads, in few and cheap steps: it is made for every 402. */
function keyOf(offer: Offer, memo: Readonly<Record<string, string>>, { scope, resource }: ChallengeTerms): string {
  const { network, asset, payTo, amountAtomic, priceNanoUsd } = offer;
  const { providerId, apiId, routeId, method, keyId } = scope;
  let key = `${network}\n${asset}\n${payTo}\n${amountAtomic}\n${priceNanoUsd}\n`;
  for (const name in memo) key += `${memo[name]}\n`;
  key += `${providerId}\n${apiId}\n${routeId}\n${method}\n${keyId ?? ''}\n`;
  return `${key}${resource.url}\n${resource.description}`;
}

function writeAnew<O extends Offer>(
  { realm }: MppIssuer,
  method: Pick<MppMethod<O, never>, 'name' | 'intent' | 'requestOf'>,
  offer: Remembered<O>,
  { channel, ...terms }: ChallengeTerms,
): Written {
  const description = terms.resource.description.replace(controls, ' ').slice(0, descriptionCharactersMax);
  const prepared = prepareOffer({
    ...{ realm, method: method.name, intent: method.intent, description },
    request: method.requestOf(offer, channel),
    ...(terms.scope.keyId === null ? {} : { header: credentialBesideKeyName }),
  });
  if (prepared.kind === 'malformed') throw new RangeError(`an offer cannot be written: ${prepared.reason}`);
  return { prepared: prepared.value, opaque: opaqueOf(offer, terms) };
}

/** The one credential of the protocol in a request, if it is of this method. */
export function presentedTo(method: string, intent: string, headers: RequestHeaders): Presented<MppCredential> {
  const { [mppHeaders.credential]: plain, [mppHeaders.credentialBesideKey]: beside } = headers;
  const values = [plain, beside].flat().filter((value) => value !== undefined && isPaymentScheme(value));
  const [value, ...more] = values;
  if (value === undefined) return { kind: 'none' };
  if (more.length > 0) return { kind: 'malformed', reason: 'two payments in one request' };
  const read = parseCredential(value);
  // MPP has no other word for it than for a payment that is refused.
  if (read.kind === 'malformed') return { kind: 'unreadable', reason: 'malformed-credential' };
  const { challenge } = read.value;
  if (challenge.method === method && challenge.intent === intent) {
    return { kind: 'presented', credential: read.value };
  }
  return { kind: 'foreign', method: `${challenge.method}/${challenge.intent}` };
}

function checkShown<O extends Offer, P extends PaymentFacts>(
  issuer: MppIssuer,
  method: MppMethod<O, P>,
  credential: MppCredential,
  call: CheckTerms<O>,
): Checked<P> {
  const { challenge, payload, source } = credential;
  const verdict = verifyChallenge(credential, issuer.keyRing, call.nowMs);
  if (verdict.kind !== 'ok') return { kind: 'refused', reason: verdict.kind };
  const bound = boundTo(challenge.opaque, call);
  if (challenge.realm !== issuer.realm || challenge.digest !== digestOf(call) || bound === null) {
    return { kind: 'refused', reason: 'invalid-challenge' };
  }
  const expiresAtMs = Date.parse(challenge.expires);
  const { request } = verdict;
  return method.check({ challenge, request, ...bound, expiresAtMs, source: source ?? null, payload, call });
}

/** Only answers that succeed carry a receipt. */
function receiptOf({ offer }: PaymentFacts, settlement: Settlement, nowMs: number): HeaderFields {
  if (settlement.kind !== 'settled') return [];
  const value = serializeReceipt({
    ...{ status: 'success', method: offer.rail, timestamp: new Date(nowMs).toISOString() },
    reference: settlement.transaction,
  });
  return [[mppHeaders.receipt, value]];
}
