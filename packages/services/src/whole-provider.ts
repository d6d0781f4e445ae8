import type { Access } from './authorize.ts';

/**
 * Widens an access to the whole provider, for verbs of a customer that also post to the provider's own accounts. The
 * caller names the customer in every query then; row level security no longer does.
 */
export function wholeProvider(access: Access): Access {
  return { ...access, tenant: { ...access.tenant, customerId: '*' } };
}
