import { listRoute } from '../../http/list-route.ts';
import { type Route, route } from '../../http/route.ts';
import { newId } from '../../ids.ts';
import { address, clearableText, mergedMetadata, metadata, shipping } from '../../params/kinds.ts';
import { clearable, fields, integer, list, oneOf, type Read, text } from '../../params/param.ts';
import type { World } from '../../world.ts';
import { attach, requireSavable } from '../payment-methods/attach.ts';
import { resolveMethod } from '../payment-methods/resolve.ts';
import { type Customer, customerOf } from './customer.ts';

const written = {
  address: clearable(address),
  balance: integer(),
  description: clearableText(),
  email: clearableText(512),
  invoice_prefix: text(12),
  invoice_settings: fields({ default_payment_method: clearableText(), footer: clearableText() }),
  metadata,
  name: clearableText(256),
  phone: clearableText(20),
  preferred_locales: list(text()),
  shipping: clearable(shipping),
  tax_exempt: oneOf('none', 'exempt', 'reverse'),
};
const update = fields(written);
const creation = fields({ ...written, payment_method: text() });
type Written = Read<typeof update>;

/** Verbs of `customers`. */
export const customerRoutes: readonly Route[] = [
  route('POST', '/v1/customers', creation, (world, { payment_method, ...params }) => {
    const method = payment_method === undefined ? undefined : resolveMethod(world, payment_method, 'payment_method');
    if (method !== undefined) requireSavable(world, method);
    const customer = world.customers.insert(customerOf(newId('cus', 14), world.clock.now()));
    write(world, customer, params);
    world.events.emit('customer.created', customer);
    if (method !== undefined) attach(world, method, customer);
    return customer;
  }),
  route('GET', '/v1/customers/:id', fields({}), (world, _params, id) =>
    world.deletedCustomers.has(id) ? deletedCustomer(id) : world.customers.get(id),
  ),
  route('POST', '/v1/customers/:id', update, (world, params, id) => {
    const customer = world.customers.get(id);
    const before = structuredClone(customer);
    write(world, customer, params);
    world.events.emit('customer.updated', customer, changedIn(before, customer));
    return customer;
  }),
  route('DELETE', '/v1/customers/:id', fields({}), (world, _params, id) => {
    const customer = world.customers.get(id);
    world.customers.delete(id);
    world.deletedCustomers.add(id);
    world.events.emit('customer.deleted', customer);
    return deletedCustomer(id);
  }),
  listRoute('/v1/customers', (world) => world.customers, { email: text() }),
];

function deletedCustomer(id: string) {
  return { id, object: 'customer', deleted: true };
}

function write(world: World, customer: Customer, { invoice_settings, metadata: change, ...params }: Written): void {
  const { default_payment_method: method } = invoice_settings ?? {};
  if (method !== undefined && method !== null) {
    world.paymentMethods.get(method, 'invoice_settings[default_payment_method]');
  }
  Object.assign(customer, params);
  Object.assign(customer.invoice_settings, invoice_settings);
  customer.metadata = mergedMetadata(customer.metadata, change);
}

/** The old values of what is different now. */
function changedIn<T extends object>(before: T, after: T): Partial<T> {
  const changed = (Object.keys(before) as (keyof T)[]).filter(
    (name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]),
  );
  return Object.fromEntries(changed.map((name) => [name, before[name]])) as Partial<T>;
}
