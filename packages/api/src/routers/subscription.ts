import {
  endSubscription,
  endSubscriptionInput,
  endSubscriptionOutput,
  listSubscriptions,
  listSubscriptionsInput,
  listSubscriptionsOutput,
  moveSubscription,
  moveSubscriptionInput,
  moveSubscriptionOutput,
  subscribe,
  subscribeInput,
  subscribeOutput,
} from '@tollwright/services';
import { router } from '../trpc.ts';
import { mutation, query } from '../verb.ts';

/** Which plan version a customer is on. */
export const subscriptionRouter = router({
  list: query({
    input: listSubscriptionsInput,
    output: listSubscriptionsOutput,
    run: listSubscriptions,
    rest: 'GET /subscriptions',
    summary: 'List subscriptions',
  }),
  create: mutation({
    input: subscribeInput,
    output: subscribeOutput,
    run: subscribe,
    rest: 'POST /subscriptions',
    summary: 'Subscribe to a plan',
  }),
  move: mutation({
    input: moveSubscriptionInput,
    output: moveSubscriptionOutput,
    run: moveSubscription,
    rest: 'POST /subscriptions/move',
    summary: 'Move to another plan version',
  }),
  end: mutation({
    input: endSubscriptionInput,
    output: endSubscriptionOutput,
    run: endSubscription,
    rest: 'POST /subscriptions/end',
    summary: 'End the subscription',
  }),
});
