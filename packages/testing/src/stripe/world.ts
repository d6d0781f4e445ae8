import type { TestMethod } from './cards/outcome.ts';
import { Clock } from './clock.ts';
import { EventLog } from './events/event-log.ts';
import { newId } from './ids.ts';
import type { BalanceTransaction } from './resources/balance-transactions/balance-transaction.ts';
import type { Charge } from './resources/charges/charge.ts';
import type { CheckoutSession } from './resources/checkout-sessions/checkout-session.ts';
import type { CheckoutPlan } from './resources/checkout-sessions/plan.ts';
import type { Customer } from './resources/customers/customer.ts';
import type { Dispute } from './resources/disputes/dispute.ts';
import type { GrantedToken } from './resources/granted-tokens/granted-token.ts';
import type { PaymentIntent } from './resources/payment-intents/payment-intent.ts';
import type { PaymentMethod } from './resources/payment-methods/payment-method.ts';
import type { PortalSession } from './resources/portal-sessions/portal-session.ts';
import type { Refund } from './resources/refunds/refund.ts';
import type { SetupIntent } from './resources/setup-intents/setup-intent.ts';
import type { TaxAssociation } from './resources/tax/tax-association.ts';
import type { TaxCalculation } from './resources/tax/tax-calculation.ts';
import type { TaxTransaction } from './resources/tax/tax-transaction.ts';
import { Table } from './table.ts';
import type { WebhookEndpoint } from './webhooks/webhook-endpoint.ts';

/** What one account at Stripe holds, and what the double knows beside it. */
export class World {
  readonly clock: Clock;
  readonly events: EventLog;
  readonly balanceTransactions = new Table<BalanceTransaction>('balance transaction');
  readonly charges = new Table<Charge>('charge');
  readonly checkoutSessions = new Table<CheckoutSession>('checkout.session');
  readonly customers = new Table<Customer>('customer');
  readonly disputes = new Table<Dispute>('dispute');
  readonly grantedTokens = new Table<GrantedToken>('shared_payment.granted_token');
  readonly paymentIntents = new Table<PaymentIntent>('payment_intent');
  readonly paymentMethods = new Table<PaymentMethod>('PaymentMethod');
  readonly portalSessions = new Table<PortalSession>('billing_portal.session');
  readonly refunds = new Table<Refund>('refund');
  readonly setupIntents = new Table<SetupIntent>('setupintent');
  readonly taxAssociations = new Table<TaxAssociation>('tax association');
  readonly taxCalculations = new Table<TaxCalculation>('tax calculation');
  readonly taxTransactions = new Table<TaxTransaction>('tax transaction');
  readonly webhookEndpoints = new Table<WebhookEndpoint>('webhook endpoint');

  /** Ids of customers that were removed: they are still shown, as that. */
  readonly deletedCustomers = new Set<string>();
  /** How a payment method will behave, by its id. */
  readonly behaviours = new Map<string, TestMethod>();
  /** Methods that their owner has authenticated for later payments, by id. */
  readonly setUp = new Set<string>();
  /** The token that an intent is to be paid with, by the intent's id. */
  readonly tokensOfIntents = new Map<string, string>();
  /** The method that a token stands for, by the token's id. */
  readonly methodsOfTokens = new Map<string, string>();
  /** Signing secrets, by endpoint. */
  readonly secrets = new Map<string, string>();
  /** What a checkout session will make, by its id. */
  readonly checkoutPlans = new Map<string, CheckoutPlan>();
  readonly portalConfiguration = newId('bpc');

  /** How long a bank takes, by the double's clock. */
  processingMs = 5_000;
  /** How long an object stays out of search results, by the double's clock. */
  searchLagMs = 0;
  /** Where the double can be reached; known once it listens. */
  baseUrl = '';

  constructor(outsideMs?: () => number) {
    this.clock = new Clock(outsideMs);
    this.events = new EventLog(this.clock);
  }

  /** The object with an id, whatever its kind: what `expand` looks up. */
  find(id: string): object | undefined {
    for (const table of Object.values(this)) {
      const found = table instanceof Table ? table.find(id) : undefined;
      if (found !== undefined) return found;
    }
    return undefined;
  }
}
