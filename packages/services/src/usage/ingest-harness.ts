import { randomBytes } from 'node:crypto';
import { createEgress } from '@tollwright/egress';
import { StripeClients } from '@tollwright/stripe';
import type { ServiceContext } from '../context.ts';

/** A worker's context over the given stores, for tests that take in usage and send nothing. */
export function ingestContext(given: Pick<ServiceContext, 'db' | 'state' | 'onError'>): ServiceContext {
  return {
    ...{
      ...given,
      clock: () => Date.now(),
      random: randomBytes,
      stripe: new StripeClients(),
      masterKeys: [],
      signup: 'closed',
    },
    ...{ egress: createEgress({ allow: [] }), mailer: { send: async () => undefined } },
    publicUrls: { portalUrl: 'https://portal.example', gatewayUrl: 'https://gateway.example' },
  };
}
