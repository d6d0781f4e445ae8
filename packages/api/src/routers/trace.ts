import {
  getTrace,
  getTraceInput,
  getTraceOutput,
  listTraces,
  listTracesInput,
  listTracesOutput,
} from '@tollwright/services';
import { router } from '../trpc.ts';
import { query } from '../verb.ts';

/** Why calls were answered as they were. */
export const traceRouter = router({
  list: query({
    input: listTracesInput,
    output: listTracesOutput,
    run: listTraces,
    rest: 'GET /traces',
    summary: 'List traced calls, newest first',
  }),
  get: query({
    input: getTraceInput,
    output: getTraceOutput,
    run: getTrace,
    rest: 'GET /traces/{traceId}',
    summary: 'Explain a call',
  }),
});
