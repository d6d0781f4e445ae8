import {
  marginCalls,
  marginCallsInput,
  marginCallsOutput,
  marginSeries,
  marginSeriesInput,
  marginSeriesOutput,
  marginTop,
  marginTopInput,
  marginTopOutput,
} from '@tollwright/services';
import { router } from '../trpc.ts';
import { query } from '../verb.ts';

/** What is left of revenue once calls are paid for. */
export const marginRouter = router({
  series: query({
    input: marginSeriesInput,
    output: marginSeriesOutput,
    run: marginSeries,
    rest: 'GET /margin',
    summary: 'Revenue, cost and margin over time',
  }),
  top: query({
    input: marginTopInput,
    output: marginTopOutput,
    run: marginTop,
    rest: 'GET /margin/top',
    summary: 'Margin of APIs, customers, agents or models',
  }),
  calls: query({
    input: marginCallsInput,
    output: marginCallsOutput,
    run: marginCalls,
    rest: 'GET /margin/calls',
    summary: 'Margin of single calls',
  }),
});
