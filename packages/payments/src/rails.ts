import type { Wallet } from '@tollwright/contracts';
import type { NanoUsd } from '@tollwright/core';
import { rankOffers } from '@tollwright/protocols';
import type { ChannelCredential } from './channel.ts';
import type {
  Challenge,
  ChallengeTerms,
  Offer,
  Presented,
  PresentedCredential,
  PriceAmounts,
  Quoted,
  Rail,
  RequestHeaders,
} from './rail.ts';

/** What every rail offers for a price, or under a ceiling. */
export function quoteAll(
  rails: readonly Rail[],
  wallets: readonly Wallet[],
  priceNanoUsd: NanoUsd,
  amounts: PriceAmounts = 'fixed',
): Quoted {
  const quoted = rails.map((rail) => rail.quote(wallets, priceNanoUsd, amounts));
  return { offers: quoted.flatMap(({ offers }) => offers), leftOut: quoted.flatMap(({ leftOut }) => leftOut) };
}

/**
 * One 402 of these offers, in the order of `namedOffers`: one challenge for each of MPP's, and one of a rail for all others.
 */
export function challengeAll(rails: readonly Rail[], offers: readonly Offer[], terms: ChallengeTerms): Challenge {
  const named = namedOffers(offers, terms.acceptPayment);
  const others = named.filter((offer) => !isOfMpp(offer));
  const single = named
    .filter(isOfMpp)
    .flatMap((offer) => rails.filter((rail) => rail.owns(offer)).map((rail) => rail.challenge([offer], terms)));
  const joined = rails.filter((rail) => others.some((offer) => rail.owns(offer)));
  const challenges = [...single, ...joined.map((rail) => rail.challenge(others, terms))];
  return {
    headers: challenges.flatMap(({ headers }) => headers),
    members: Object.assign({}, ...challenges.map(({ members }) => members)) as Challenge['members'],
  };
}

/**
 * What of these offers a 402 names: of MPP's what the caller's `Accept-Payment` does not leave out, in its order, and all others
 * in theirs.
 */
export function namedOffers(offers: readonly Offer[], acceptPayment: string | undefined): readonly Offer[] {
  const others = offers.filter((offer) => !isOfMpp(offer));
  return [...preferred(offers.filter(isOfMpp), acceptPayment), ...others];
}

/** Whether a 402 with these offers is for one body, so that the body has to be read before. */
export function bindsBody(rails: readonly Rail[], offers: readonly Offer[]): boolean {
  return rails.some((rail) => rail.capabilities.bindsBody && offers.some((offer) => rail.owns(offer)));
}

/** What of a quote can only be paid by somebody who is named by the payment. */
export function namedOnly(rails: readonly Rail[], { offers, leftOut }: Quoted): Quoted {
  const named = offers.filter((offer) => rails.some((rail) => rail.capabilities.namesPayer && rail.owns(offer)));
  const nameless = offers.filter((offer) => !named.includes(offer));
  const reason = 'names-no-payer';
  return {
    offers: named,
    leftOut: [...leftOut, ...nameless.map(({ rail, network }) => ({ rail, network, reason }) as const)],
  };
}

/** What of a quote is paid for one call at a time, so that each payment is counted with its payer's others. */
export function singlesOnly(rails: readonly Rail[], { offers, leftOut }: Quoted): Quoted {
  const isSession = (offer: Offer) => rails.some((rail) => rail.capabilities.session && rail.owns(offer));
  return { offers: offers.filter((offer) => !isSession(offer)), leftOut };
}

function isOfMpp({ scheme }: Offer): boolean {
  return scheme === 'charge' || scheme === 'session';
}

/** Ranked, and left out, by the header of their protocol; in their order where it says nothing. */
function preferred(offers: readonly Offer[], acceptPayment: string | undefined): readonly Offer[] {
  const ranked = rankOffers(
    offers.map((offer) => ({ offer, method: offer.rail, intent: offer.scheme })),
    acceptPayment,
  );
  return ranked.map(({ offer }) => offer);
}

/**
 * The one payment of a request. Two are malformed: which to take would be a guess. `foreign`: somebody's protocol, in a way of
 * paying that no rail here knows.
 */
export function parseAll(rails: readonly Rail[], headers: RequestHeaders): Presented<PresentedCredential> {
  let found: Presented<PresentedCredential> = { kind: 'none' };
  for (const rail of rails) {
    const shown = rail.parse(headers);
    if (shown.kind === 'malformed') return shown;
    // All methods of MPP find the same credential that none of them can read: that is one payment.
    const isUnreadByAll = shown.kind === 'unreadable' && found.kind === 'unreadable';
    if (isPayment(shown) && isPayment(found) && !isUnreadByAll) {
      return { kind: 'malformed', reason: 'two payments in one request' };
    }
    if (found.kind === 'none' || isPayment(shown)) found = shown;
  }
  return found;
}

/** What a request wants done with a channel; null when no rail reads it so. */
export function manageAll(rails: readonly Rail[], headers: RequestHeaders): ChannelCredential | null {
  for (const rail of rails) {
    const credential = rail.manage(headers);
    if (credential !== null) return credential;
  }
  return null;
}

function isPayment({ kind }: Presented<unknown>): boolean {
  return kind === 'presented' || kind === 'unreadable';
}
