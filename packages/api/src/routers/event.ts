import {
  getEvent,
  getEventInput,
  getEventOutput,
  ingestEvents,
  ingestEventsInput,
  listEvents,
  listEventsInput,
  listEventsOutput,
} from '@tollwright/services';
import { router } from '../trpc.ts';
import { mutation, nothing, query } from '../verb.ts';

/** Calls, one by one, and events that a provider sends. */
export const eventRouter = router({
  ingest: mutation({
    input: ingestEventsInput,
    output: nothing,
    run: ingestEvents,
    rest: 'POST /events',
    wholeBody: {
      member: 'events',
      mediaTypes: ['application/cloudevents+json', 'application/cloudevents-batch+json'],
    },
    summary: 'Ingest events',
  }),
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
