import {
  allMeters,
  allMetersInput,
  allMetersOutput,
  createMeter,
  createMeterInput,
  createMeterOutput,
  getMeter,
  getMeterInput,
  getMeterOutput,
  listMeters,
  listMetersInput,
  listMetersOutput,
} from '@tollwright/services';
import { router } from '../trpc.ts';
import { mutation, query } from '../verb.ts';

/** What is counted. */
export const meterRouter = router({
  list: query({
    input: listMetersInput,
    output: listMetersOutput,
    run: listMeters,
    summary: 'List meters, page by page',
  }),
  all: query({
    input: allMetersInput,
    output: allMetersOutput,
    run: allMeters,
    rest: 'GET /meters',
    summary: 'List meters',
  }),
  get: query({
    input: getMeterInput,
    output: getMeterOutput,
    run: getMeter,
    rest: 'GET /meters/{meterIdOrSlug}',
    summary: 'Read a meter',
  }),
  create: mutation({
    input: createMeterInput,
    output: createMeterOutput,
    run: createMeter,
    rest: 'POST /meters',
    summary: 'Create a meter',
  }),
});
