import { describe, expect, it } from 'vitest';
import { joinedPath } from './joined-path.ts';

const places = {
  providers: [{ id: 'prv_1', slug: 'acme' }],
  customers: [{ id: 'cus_1', provider: { slug: 'acme' } }],
};

describe('after an invitation is accepted', () => {
  it.each([
    ['a provider', { providerId: 'prv_1', customerId: null }, '/console/acme'],
    ['a customer of it', { providerId: 'prv_1', customerId: 'cus_1' }, '/p/acme/cus_1'],
    ['what is not among the places yet', { providerId: 'prv_2', customerId: null }, '/console'],
  ])('the way leads to %s', (_name, joined, path) => {
    expect(joinedPath(joined, places)).toBe(path);
  });
});
