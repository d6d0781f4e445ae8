import { accountRouter } from './routers/account.ts';
import { agentRouter } from './routers/agent.ts';
import { apiRouter } from './routers/api.ts';
import { approvalRouter } from './routers/approval.ts';
import { budgetRouter } from './routers/budget.ts';
import { channelRouter } from './routers/channel.ts';
import { costRouter } from './routers/cost.ts';
import { creditRouter } from './routers/credit.ts';
import { customerRouter } from './routers/customer.ts';
import { customerBillingRouter } from './routers/customer-billing.ts';
import { entitlementRouter } from './routers/entitlement.ts';
import { eventRouter } from './routers/event.ts';
import { extractorRouter } from './routers/extractor.ts';
import { featureRouter } from './routers/feature.ts';
import { holdRouter } from './routers/hold.ts';
import { incidentRouter } from './routers/incident.ts';
import { invoiceRouter } from './routers/invoice.ts';
import { invoiceSettingsRouter } from './routers/invoice-settings.ts';
import { keyRouter } from './routers/key.ts';
import { marginRouter } from './routers/margin.ts';
import { memberRouter } from './routers/member.ts';
import { meterRouter } from './routers/meter.ts';
import { noticeRouter } from './routers/notice.ts';
import { payerRouter } from './routers/payer.ts';
import { paymentRouter } from './routers/payment.ts';
import { planRouter } from './routers/plan.ts';
import { policyRouter } from './routers/policy.ts';
import { projectRouter } from './routers/project.ts';
import { providerRouter } from './routers/provider.ts';
import { routeRouter } from './routers/route.ts';
import { stripeAccountRouter } from './routers/stripe-account.ts';
import { subjectRouter } from './routers/subject.ts';
import { subscriptionRouter } from './routers/subscription.ts';
import { taxRateRouter } from './routers/tax-rate.ts';
import { tokenRouter } from './routers/token.ts';
import { topUpRouter } from './routers/top-up.ts';
import { traceRouter } from './routers/trace.ts';
import { usageRouter } from './routers/usage.ts';
import { walletRouter } from './routers/wallet.ts';
import { webhookRouter } from './routers/webhook.ts';
import { createCallerFactory, router } from './trpc.ts';

/** Every procedure. Those with an address are operations of the management API too. */
export const appRouter = router({
  account: accountRouter,
  api: apiRouter,
  customer: customerRouter,
  customerBilling: customerBillingRouter,
  entitlement: entitlementRouter,
  extractor: extractorRouter,
  feature: featureRouter,
  member: memberRouter,
  meter: meterRouter,
  plan: planRouter,
  policy: policyRouter,
  provider: providerRouter,
  route: routeRouter,
  subject: subjectRouter,
  subscription: subscriptionRouter,
  token: tokenRouter,
  agent: agentRouter,
  approval: approvalRouter,
  budget: budgetRouter,
  channel: channelRouter,
  cost: costRouter,
  credit: creditRouter,
  margin: marginRouter,
  topUp: topUpRouter,
  event: eventRouter,
  hold: holdRouter,
  key: keyRouter,
  notice: noticeRouter,
  incident: incidentRouter,
  invoice: invoiceRouter,
  invoiceSettings: invoiceSettingsRouter,
  payer: payerRouter,
  payment: paymentRouter,
  project: projectRouter,
  stripe: stripeAccountRouter,
  taxRate: taxRateRouter,
  trace: traceRouter,
  usage: usageRouter,
  wallet: walletRouter,
  webhook: webhookRouter,
});

export type AppRouter = typeof appRouter;
export const createCaller = createCallerFactory(appRouter);
