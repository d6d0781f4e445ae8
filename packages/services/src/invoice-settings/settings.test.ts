import { makeId } from '@tollwright/core';
import { expect, it } from 'vitest';
import { updateCustomerBillingInput } from '../customer-billing/update.ts';
import { updateInvoiceSettingsInput } from './update.ts';

const providerId = makeId('provider', 0, new Uint8Array(10));
const customerId = makeId('customer', 0, new Uint8Array(10));

// The portal and REST read what was sent, and the verb reads what they made of it.
it.each([
  [updateInvoiceSettingsInput, { providerId, legalName: '', address: ' ', taxId: '', footer: '' }],
  [updateCustomerBillingInput, { providerId, customerId, name: '', address: '', taxId: '', email: '' }],
])('empty words are none, and what was read can be read again', (schema, sent) => {
  const read = schema.parse(sent);
  const { providerId: _provider, ...members } = read;
  expect(Object.values(members).filter((value) => value !== null && value !== customerId)).toEqual([]);
  expect(schema.parse(read)).toEqual(read);
});
