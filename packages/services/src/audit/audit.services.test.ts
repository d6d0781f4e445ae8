import {
  createWorld,
  DOCUMENT,
  openServicesHarness,
  type ServicesHarness,
  termsOf,
  type World,
} from '@tollwright/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Actor } from '../actor.ts';
import * as services from '../index.ts';

let harness: ServicesHarness;
let world: World;
let draftId = '';
let verifiedPayerId = '';

beforeAll(async () => {
  harness = await openServicesHarness();
  world = await createWorld(harness, 'acme');
});
afterAll(() => harness.close());

type Step = readonly [name: string, action: string, run: () => Promise<unknown>];

/** Runs a verb as the provider's or the customer's owner. */
function asProvider<Input, Output>(
  verb: (ctx: services.ServiceContext, actor: Actor, input: Input) => Promise<Output>,
) {
  return (input: Omit<Input, 'providerId'>) =>
    verb(harness.ctx, world.owner, { ...input, providerId: world.providerId } as Input);
}
function asCustomer<Input, Output>(
  verb: (ctx: services.ServiceContext, actor: Actor, input: Input) => Promise<Output>,
) {
  return (input: Omit<Input, 'providerId' | 'customerId'>) =>
    verb(harness.ctx, world.customerOwner, { ...input, ...world.target } as Input);
}

const source = { kind: 'text', text: DOCUMENT } as const;

/** In an order in which each is possible. */
const STEPS: readonly Step[] = [
  ['updateProvider', 'provider.update', () => asProvider(services.updateProvider)({ name: 'Acme 2' })],
  ['updateApi', 'api.update', () => asProvider(services.updateApi)({ apiId: world.apiId, timeouts: { idleMs: 500 } })],
  [
    'setCredential',
    'api.set-credential',
    () => asProvider(services.setCredential)({ apiId: world.apiId, credential: { header: 'x-key', value: 'v' } }),
  ],
  ['setCosts', 'cost.set', () => asProvider(services.setCosts)({ apiId: world.apiId, callUsd: '0.001' })],
  ['reImportApi', 'api.re-import', () => asProvider(services.reImportApi)({ apiId: world.apiId, source })],
  [
    'updateRoute',
    'route.update',
    () => asProvider(services.updateRoute)({ routeId: world.routeId, strangerPriceNanoUsd: '10000000' }),
  ],
  [
    'newPlanVersion',
    'plan.new-version',
    async () => {
      draftId = (await asProvider(services.newPlanVersion)({ planId: world.planId })).id;
    },
  ],
  [
    'updateDraft',
    'plan.update-draft',
    () => asProvider(services.updateDraft)({ planVersionId: draftId, terms: termsOf('0') }),
  ],
  ['publishPlan', 'plan.publish', () => asProvider(services.publishPlan)({ planVersionId: draftId })],
  ['updatePlan', 'plan.update', () => asProvider(services.updatePlan)({ planId: world.planId, name: 'Pro 2' })],
  ['moveSubscription', 'subscription.move', () => asCustomer(services.moveSubscription)({ planId: world.planId })],
  ['endSubscription', 'subscription.end', () => asCustomer(services.endSubscription)({})],
  ['subscribe', 'subscription.start', () => asCustomer(services.subscribe)({ planId: world.planId })],
  ['updateCustomer', 'customer.update', () => asCustomer(services.updateCustomer)({ name: 'Agents 2' })],
  [
    'updateAgent',
    'agent.update',
    () => asCustomer(services.updateAgent)({ agentId: world.agentId, metadata: { team: 'red' } }),
  ],
  ['createKey', 'key.create', () => asCustomer(services.createKey)({ agentId: world.agentId, name: 'second' })],
  ['updateKey', 'key.update', () => asCustomer(services.updateKey)({ keyId: world.keyId, metadata: { team: 'red' } })],
  [
    'grantCredit',
    'credit.grant',
    () => asProvider(services.grantCredit)({ customerId: world.customerId, amountNanoUsd: '1', reason: 'welcome' }),
  ],
  [
    'updateInvoiceSettings',
    'invoice-settings.update',
    () => asProvider(services.updateInvoiceSettings)({ legalName: 'Acme GmbH', netDays: 30 }),
  ],
  [
    'createTaxRate',
    'tax-rate.create',
    () => asProvider(services.createTaxRate)({ name: 'VAT', percent: '7', region: 'Germany' }),
  ],
  ['archiveTaxRate', 'tax-rate.archive', () => asProvider(services.archiveTaxRate)({ taxRateId: world.taxRateId })],
  [
    'updateCustomerBilling',
    'customer-billing.update',
    () => asCustomer(services.updateCustomerBilling)({ name: 'Agents Inc.' }),
  ],
  [
    'creditInvoice',
    'invoice.credit',
    () =>
      asProvider(services.creditInvoice)({
        invoiceId: world.invoiceId,
        amountNanoUsd: '10000000',
        reason: 'An outage',
      }),
  ],
  [
    'payInvoice',
    'invoice.pay',
    () => asProvider(services.payInvoice)({ invoiceId: world.invoiceId, paidBy: 'Bank transfer' }),
  ],
  [
    'voidInvoice',
    'invoice.void',
    async () => {
      const { customerId, providerId } = world;
      const of = { providerId, customerId, livemode: true };
      const at = new Date();
      const line = { ...of, position: 0, kind: 'fee', description: 'A fee', amountNanoUsd: 10_000_000n };
      const open = await harness.owner.invoice.create({
        data: {
          ...{ id: `ivc_${'0'.repeat(26)}`, ...of, sequence: 99, number: 'ACME-000099', reason: 'fee', state: 'open' },
          ...{ periodStartsAt: at, periodEndsAt: at, issuedAt: at, dueAt: at, totalNanoUsd: 10_000_000n },
          lines: { create: [{ ...line, startsAt: at, endsAt: at }] },
        },
      });
      await asProvider(services.voidInvoice)({ invoiceId: open.id, reason: 'A mistake' });
    },
  ],
  [
    'verifyPayer',
    'payer.verify',
    async () => {
      const known = { address: '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed', note: 'Ada' };
      verifiedPayerId = (await asProvider(services.verifyPayer)(known)).id;
    },
  ],
  ['forgetPayer', 'payer.forget', () => asProvider(services.forgetPayer)({ verifiedPayerId })],
  [
    'decideApproval',
    'approval.decide',
    async () => {
      const { providerId, customerId, agentId, apiId, routeId } = world;
      const { id } = await harness.owner.paymentApproval.create({
        data: {
          ...{ id: `apv_${'0'.repeat(26)}`, providerId, customerId, agentId, apiId, routeId, livemode: true },
          ...{ priceNanoUsd: 1n, askedAt: new Date() },
        },
      });
      await asCustomer(services.decideApproval)({ approvalId: id, decision: 'once' });
    },
  ],
  [
    'closeChannel',
    'channel.close',
    async () => {
      const { providerId } = world;
      const channelKey = 'channel:eip155:4217:0x01';
      const sums = { spentAtomic: 1n, settledAtomic: 0n, voucherAtomic: 1n, nanoUsdPerAtomic: 1_000n };
      await harness.owner.paymentChannel.create({
        data: {
          ...{ id: channelKey, providerId, livemode: true, rail: 'tempo', network: 'eip155:4217', asset: '0x02' },
          ...{ payer: '0x03', payTo: '0x04', state: 'open', ...sums, voucherSignature: '0x', details: {} },
          ...{ usedAt: new Date(), lookedAt: new Date() },
        },
      });
      await asProvider(services.closeChannel)({ channelKey });
    },
  ],
  ['removeBudget', 'budget.remove', () => asCustomer(services.removeBudget)({ budgetId: world.budgetId })],
  ['revokeKey', 'key.revoke', () => asCustomer(services.revokeKey)({ keyId: world.keyId })],
  ['archiveAgent', 'agent.archive', () => asCustomer(services.archiveAgent)({ agentId: world.agentId })],
  ['archivePlan', 'plan.archive', () => asProvider(services.archivePlan)({ planId: world.planId })],
  ['archiveFeature', 'feature.archive', () => asProvider(services.archiveFeature)({ featureId: world.featureId })],
  [
    'removeStripeAccount',
    'stripe-account.remove',
    () => asProvider(services.removeStripeAccount)({ stripeAccountId: world.stripeAccountId }),
  ],
  [
    'setRefundKey',
    'wallet.refund-key',
    () => asProvider(services.setRefundKey)({ walletId: world.walletId, refundKey: `0x${'1'.repeat(64)}` }),
  ],
  ['removeWallet', 'wallet.remove', () => asProvider(services.removeWallet)({ walletId: world.walletId })],
  [
    'updateWebhook',
    'webhook.update',
    () => asProvider(services.updateWebhook)({ endpointId: world.webhookEndpointId, description: 'ours' }),
  ],
  [
    'rotateWebhookSecret',
    'webhook.rotate',
    () => asProvider(services.rotateWebhookSecret)({ endpointId: world.webhookEndpointId }),
  ],
  [
    'replayWebhook',
    'webhook.replay',
    () => asProvider(services.replayWebhook)({ deliveryId: world.webhookDeliveryId }),
  ],
  [
    'removeWebhook',
    'webhook.remove',
    () => asProvider(services.removeWebhook)({ endpointId: world.webhookEndpointId }),
  ],
  ['revokeToken', 'token.revoke', () => asProvider(services.revokeToken)({ tokenId: world.tokenId })],
];

const actions = async () => {
  const rows = await harness.owner.auditEntry.findMany({ orderBy: { createdAt: 'asc' } });
  return rows.map((row) => row.action);
};

describe('every change leaves an audit entry', () => {
  it('when a provider and a customer are set up', async () => {
    expect(new Set(await actions())).toEqual(
      new Set([
        'provider.create',
        'member.invite',
        'member.accept',
        'api.create',
        'extractor.create',
        'meter.create',
        'feature.create',
        'plan.create',
        'plan.publish',
        'wallet.set',
        'stripe-account.set',
        'tax-rate.create',
        'customer.sign-up',
        'subscription.start',
        'project.create',
        'agent.create',
        'key.create',
        'budget.set',
        'token.create',
        'webhook.create',
        'webhook.test',
      ]),
    );
  });

  it.each(STEPS)('%s: writes %s', async (_name, action, run) => {
    const before = (await actions()).filter((found) => found === action).length;
    await run();
    const entries = (await actions()).filter((found) => found === action);
    expect(entries).toHaveLength(before + 1);
  });

  it('and names who did it, for the organization to read', async () => {
    const { items } = await services.listAudit(harness.ctx, world.owner, { providerId: world.providerId, limit: 200 });
    const who = new Set(items.map((item) => item.actor));
    expect(who).toContain(`user:${world.owner.userId}`);
    expect(who).toContain(`user:${world.customerOwner.userId}`);
    const mine = await services.listAudit(harness.ctx, world.customerOwner, { ...world.target, limit: 200 });
    expect(mine.items.map((item) => item.action)).not.toContain('api.create');
    expect(mine.items.map((item) => item.action)).toContain('key.revoke');
  });
});
