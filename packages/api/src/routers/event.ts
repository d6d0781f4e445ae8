import {
  getEvent,
  getEventInput,
  getEventOutput,
  listEvents,
  listEventsInput,
  listEventsOutput,
} from '@tollwright/services';
import { router } from '../trpc.ts';
import { query } from '../verb.ts';

/** Calls, one by one. */
export const eventRouter = router({
  list: query({
    input: listEventsInput,
    output: listEventsOutput,
    run: listEvents,
    rest: 'GET /events',
    summary: 'List events, newest first',
  }),
  get: query({
    input: getEventInput,
    output: getEventOutput,
    run: getEvent,
    rest: 'GET /events/{eventId}',
    summary: 'Read an event',
  }),
});
