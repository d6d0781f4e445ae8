import {
  createMeter,
  createMeterInput,
  createMeterOutput,
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
    rest: 'GET /meters',
    summary: 'List meters',
  }),
  create: mutation({
    input: createMeterInput,
    output: createMeterOutput,
    run: createMeter,
    rest: 'POST /meters',
    summary: 'Create a meter',
  }),
});
