import { eventRoutes } from './events/routes.ts';
import type { Route } from './http/route.ts';
import { balanceTransactionRoutes } from './resources/balance-transactions/routes.ts';
import { chargeRoutes } from './resources/charges/routes.ts';
import { checkoutSessionRoutes } from './resources/checkout-sessions/routes.ts';
import { customerRoutes } from './resources/customers/routes.ts';
import { disputeRoutes } from './resources/disputes/routes.ts';
import { grantedTokenRoutes } from './resources/granted-tokens/routes.ts';
import { paymentIntentRoutes } from './resources/payment-intents/routes.ts';
import { paymentMethodRoutes } from './resources/payment-methods/routes.ts';
import { portalSessionRoutes } from './resources/portal-sessions/routes.ts';
import { refundRoutes } from './resources/refunds/routes.ts';
import { setupIntentRoutes } from './resources/setup-intents/routes.ts';
import { taxRoutes } from './resources/tax/routes.ts';
import { webhookEndpointRoutes } from './webhooks/routes.ts';

/** Every verb of the API that the double has. Of two that match, the first one answers. */
export const routes: readonly Route[] = [
  ...balanceTransactionRoutes,
  ...chargeRoutes,
  ...checkoutSessionRoutes,
  ...customerRoutes,
  ...disputeRoutes,
  ...eventRoutes,
  ...grantedTokenRoutes,
  ...paymentIntentRoutes,
  ...paymentMethodRoutes,
  ...portalSessionRoutes,
  ...refundRoutes,
  ...setupIntentRoutes,
  ...taxRoutes,
  ...webhookEndpointRoutes,
];
