import {
  getInvoiceSettings,
  getInvoiceSettingsInput,
  getInvoiceSettingsOutput,
  updateInvoiceSettings,
  updateInvoiceSettingsInput,
  updateInvoiceSettingsOutput,
} from '@tollwright/services';
import { router } from '../trpc.ts';
import { mutation, query } from '../verb.ts';

/** What the provider's invoices say of it. */
export const invoiceSettingsRouter = router({
  get: query({
    input: getInvoiceSettingsInput,
    output: getInvoiceSettingsOutput,
    run: getInvoiceSettings,
    rest: 'GET /invoice-settings',
    summary: 'Read what your invoices say of you',
  }),
  update: mutation({
    input: updateInvoiceSettingsInput,
    output: updateInvoiceSettingsOutput,
    run: updateInvoiceSettings,
    rest: 'PATCH /invoice-settings',
    summary: 'Change what your next invoices say of you',
  }),
});
