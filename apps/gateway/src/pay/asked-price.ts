import { type NanoUsd, ZERO_USD } from '@tollwright/core';
import { type Challenge, challengeAll, namedOffers } from '@tollwright/payments';
import type { Channel } from '@tollwright/state';
import type { Asker } from './asker.ts';
import { type OwnPrice, ownPrice, withDiscount } from './discount/own-price.ts';
import { volumePayerOf } from './discount/volume-payer.ts';
import { withOtherWays } from './other-ways.ts';
import type { MissingStepUp } from './refuse-step-up.ts';
import { arrive } from './sign-in/come-in.ts';
import { missingOf, stepUpBefore, withStepUp } from './step-up.ts';

/**
 * The price of whoever asks: a wallet that signs in has its own, all others the one that was known before. Null: the sign-in let the
 * call in, or was refused, and the caller was answered.
 */
export async function priceFor(asker: Asker, before: OwnPrice): Promise<OwnPrice | null> {
  const arrival = await arrive({ ...asker, challenge: challengeAt(asker, before) });
  if (arrival.kind === 'answered') return null;
  if (arrival.wallet === '') return before;
  return ownPrice(asker.visit, asker.api, asker.route, volumePayerOf(null, arrival.wallet));
}

/** Makes a 402 at a price each time that it is called. `channel`: how one stands that a voucher was shown for. */
export function challengeAt(asker: Asker, price: OwnPrice): (reason: string, channel?: Channel) => Challenge {
  const { visit, api, request, door } = asker;
  const { gateway } = visit;
  const { quote, discount } = price;
  const acceptPayment = oneOf(visit.request.headers['accept-payment']);
  return (reason, channel) => {
    gateway.tally.asked(api, namedOffers(quote.offers, acceptPayment), visit.startedAtMs);
    const terms = { ...request, reason, acceptPayment, channel, signIn: door.challenge() };
    const asked = withOtherWays(challengeAll(gateway.rails, quote.offers, terms), gateway, api, quote.leftOut);
    return withDiscount(withStepUp(asked, stepUpBefore(asker, amountOf(price))), discount);
  };
}

/** What a payment of this price would lack beside the money. */
export function missingAt(asker: Asker, price: OwnPrice): MissingStepUp {
  const priceNanoUsd = amountOf(price);
  return { place: asker, priceNanoUsd, problem: missingOf(stepUpBefore(asker, priceNanoUsd)) };
}

/** All offers are for one price, or one ceiling. */
function amountOf({ quote }: OwnPrice): NanoUsd {
  return quote.offers[0]?.priceNanoUsd ?? ZERO_USD;
}

function oneOf(field: string | readonly string[] | undefined): string | undefined {
  return typeof field === 'object' ? field.join(',') : field;
}
