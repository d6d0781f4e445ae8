import {
  customerHome,
  customerHomeInput,
  customerHomeOutput,
  providerHome,
  providerHomeInput,
  providerHomeOutput,
  queryMeter,
  queryMeterInput,
  queryMeterOutput,
  usageSeries,
  usageSeriesInput,
  usageSeriesOutput,
  usageTop,
  usageTopInput,
  usageTopOutput,
} from '@tollwright/services';
import { router } from '../trpc.ts';
import { query } from '../verb.ts';

/** What was called, and what it cost. */
export const usageRouter = router({
  series: query({
    input: usageSeriesInput,
    output: usageSeriesOutput,
    run: usageSeries,
    rest: 'GET /usage',
    summary: 'Usage over time',
  }),
  top: query({
    input: usageTopInput,
    output: usageTopOutput,
    run: usageTop,
    rest: 'GET /usage/top',
    summary: 'The largest agents, models, routes or keys',
  }),
  meter: query({
    input: queryMeterInput,
    output: queryMeterOutput,
    run: queryMeter,
    rest: 'GET /meters/{meterIdOrSlug}/query',
    summary: 'What a meter measured',
  }),
  providerHome: query({
    input: providerHomeInput,
    output: providerHomeOutput,
    run: providerHome,
    rest: 'GET /usage/provider',
    summary: 'Figures of the provider',
  }),
  customerHome: query({
    input: customerHomeInput,
    output: customerHomeOutput,
    run: customerHome,
    rest: 'GET /usage/customer',
    summary: 'Figures of a customer',
  }),
});
