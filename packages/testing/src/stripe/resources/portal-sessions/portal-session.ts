import { newId, randomText } from '../../ids.ts';

/** A session of the billing portal as the API shows it. */
export type PortalSession = ReturnType<typeof portalSessionOf>;

/** A session for one customer; `baseUrl` is where its page is. */
export function portalSessionOf(created: number, customer: string, configuration: string, baseUrl: string) {
  return {
    id: newId('bps'),
    object: 'billing_portal.session',
    configuration,
    created,
    customer,
    customer_account: null,
    flow: null as object | null,
    livemode: false,
    locale: null as string | null,
    on_behalf_of: null,
    return_url: null as string | null,
    url: `${baseUrl}/portal/test_${randomText(40)}`,
  };
}
