import {
  beginCard,
  beginCardInput,
  beginCardOutput,
  getTopUps,
  getTopUpsInput,
  getTopUpsOutput,
  pauseTopUp,
  pauseTopUpInput,
  pauseTopUpOutput,
  removeCard,
  removeCardInput,
  removeCardOutput,
  saveCard,
  saveCardInput,
  saveCardOutput,
  setTopUp,
  setTopUpInput,
  setTopUpOutput,
} from '@tollwright/services';
import { router } from '../trpc.ts';
import { mutation, query } from '../verb.ts';

/** Prepaid credit that is topped up from a saved card. */
export const topUpRouter = router({
  get: query({
    input: getTopUpsInput,
    output: getTopUpsOutput,
    run: getTopUps,
    rest: 'GET /credits/top-ups',
    summary: 'Read the saved card, the rules and what they charged',
  }),
  set: mutation({
    input: setTopUpInput,
    output: setTopUpOutput,
    run: setTopUp,
    rest: 'PUT /credits/top-ups',
    summary: 'Have a balance topped up from the saved card',
  }),
  pause: mutation({
    input: pauseTopUpInput,
    output: pauseTopUpOutput,
    run: pauseTopUp,
    rest: 'POST /credits/top-ups/{ruleId}/pause',
    summary: 'Stop topping a balance up, or go on',
  }),
  beginCard: mutation({
    input: beginCardInput,
    output: beginCardOutput,
    run: beginCard,
    rest: 'POST /credits/card',
    summary: 'Open a page of Stripe that saves a card',
  }),
  saveCard: mutation({
    input: saveCardInput,
    output: saveCardOutput,
    run: saveCard,
    rest: 'PUT /credits/card',
    summary: 'Take the card that a page of Stripe saved',
  }),
  removeCard: mutation({
    input: removeCardInput,
    output: removeCardOutput,
    run: removeCard,
    rest: 'DELETE /credits/card',
    summary: 'Remove the saved card',
  }),
});
