import {
  archiveTaxRate,
  archiveTaxRateInput,
  archiveTaxRateOutput,
  createTaxRate,
  createTaxRateInput,
  createTaxRateOutput,
  listTaxRates,
  listTaxRatesInput,
  listTaxRatesOutput,
} from '@tollwright/services';
import { router } from '../trpc.ts';
import { mutation, query } from '../verb.ts';

/** What is added to the prices of the customers that have it. */
export const taxRateRouter = router({
  list: query({
    input: listTaxRatesInput,
    output: listTaxRatesOutput,
    run: listTaxRates,
    rest: 'GET /tax-rates',
    summary: 'List your tax rates',
  }),
  create: mutation({
    input: createTaxRateInput,
    output: createTaxRateOutput,
    run: createTaxRate,
    rest: 'POST /tax-rates',
    summary: 'Add a tax rate',
  }),
  archive: mutation({
    input: archiveTaxRateInput,
    output: archiveTaxRateOutput,
    run: archiveTaxRate,
    rest: 'POST /tax-rates/{taxRateId}/archive',
    summary: 'Archive a tax rate that no customer has any more',
  }),
});
