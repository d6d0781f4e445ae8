import type { Problem } from '@tollwright/core';
import { packsByCard } from '../credits/top-up-members.ts';
import { guardOf, runHead } from '../guard/guard.ts';
import { noteRefused, refuseKeyed } from '../pipeline/note-decision.ts';
import type { Visit } from '../pipeline/visit.ts';
import type { CompiledApi, CompiledRoute } from '../snapshot/compiled-api.ts';
import { challengeAt, missingAt, priceFor } from './asked-price.ts';
import { type Asker, whoAsks } from './asker.ts';
import type { Uncovered } from './claim-and-serve.ts';
import { demand } from './demand.ts';
import { type OwnPrice, ownPrice } from './discount/own-price.ts';
import { volumePayerOf } from './discount/volume-payer.ts';
import { currentOffers } from './offers.ts';
import { demandFirst } from './page/demand-first.ts';
import { refuseStepUp } from './refuse-step-up.ts';
import { takeShown } from './take-shown.ts';

const NEEDS_KEY: Problem = { slug: 'invalid-key', detail: 'This route needs an API key.' };
const PAYMENT_NEEDED: Problem = { slug: 'payment-required', detail: 'Pay for this call, or send an API key.' };

/** Whether a call of this route can pay for itself. */
export function takesPayment({ gateway }: Visit, api: CompiledApi, route: CompiledRoute): boolean {
  return currentOffers(gateway, api, route).length > 0;
}

/** Serves a call that no plan covers on a priced route: who asks, at which price, and what is shown of a payment. */
export async function serveStranger(
  visit: Visit,
  api: CompiledApi,
  route: CompiledRoute,
  uncovered: Uncovered | null = null,
): Promise<void> {
  const guard = guardOf(visit, api, route, null);
  const subject = { api, route, principal: null, guard };
  const barred = guard === null ? null : runHead(guard);
  if (barred !== null) return refuseKeyed(visit, { problem: barred, subject });
  const principal = uncovered?.principal ?? null;
  const known = await ownPrice(visit, api, route, volumePayerOf(principal, ''));
  const { offers } = known.quote;
  if (offers.length === 0) return refuseKeyed(visit, { problem: NEEDS_KEY, subject });
  const asker = await whoAsks({ visit, api, route, principal, uncovered, guard, subject }, offers);
  if (asker === null) return;
  const price = await priceFor(asker, known);
  if (price === null) return;
  const { shown } = asker;
  if (shown.kind === 'none') askFirst(asker, price);
  else await takeShown(asker, shown, price);
}

/** Asks for a payment where none was shown: in the words of what a key's plan does not cover, or as strangers are asked. */
function askFirst(asker: Asker, price: OwnPrice): void {
  const { visit, api, route, subject, uncovered } = asker;
  const missing = missingAt(asker, price);
  if (missing.problem !== null) {
    refuseStepUp(missing, subject);
    return;
  }
  const challenge = challengeAt(asker, price);
  const needed = uncovered?.problem;
  if (needed !== undefined) {
    demand(visit, challenge(needed.detail), needed, subject);
    return;
  }
  const problem = { ...PAYMENT_NEEDED, members: packsByCard(visit, api, route) };
  noteRefused(visit, problem, subject);
  const sold = { api, route, ...price.quote, discount: price.discount };
  demandFirst(visit, sold, challenge(problem.detail), problem);
}
