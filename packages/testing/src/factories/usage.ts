import { type PaymentRecord, REQUEST_EVENT_TYPE, type UsageEvent } from '@tollwright/contracts';
import { nanoUsd, ZERO_USD } from '@tollwright/core';
import type { TenantIds } from './tenant.ts';

let made = 0;

/** A usage event of that tenant's first agent: a chat call of 100 + 20 tokens for 1,000 nano-dollars, unless told otherwise. */
export function usageEventOf(tenant: TenantIds, override: Partial<UsageEvent> = {}): UsageEvent {
  made += 1;
  const eventId = override.eventId ?? `evt-test-${made}`;
  const routeId = override.routeId ?? tenant.routeIds[0];
  const status = override.status ?? 200;
  return {
    schemaVersion: 1,
    eventId,
    requestId: `req-${eventId}`,
    type: REQUEST_EVENT_TYPE,
    livemode: true,
    providerId: tenant.providerId,
    customerId: tenant.customerId,
    agentId: tenant.agentIds[0],
    parentAgentId: null,
    projectId: null,
    sessionId: null,
    keyId: tenant.keyIds[0],
    payer: null,
    apiId: tenant.apiId,
    snapshotVersion: 1,
    planVersionId: null,
    data: { route: routeId, status, model: 'toll-small', input_tokens: 100, output_tokens: 20 },
    bytesIn: 400,
    bytesOut: 900,
    durationMs: 42.5,
    firstByteMs: 12.25,
    estimated: false,
    ratedNanoUsd: nanoUsd(1_000n),
    chargedNanoUsd: nanoUsd(1_000n),
    shortfallNanoUsd: ZERO_USD,
    costNanoUsd: null,
    charges: [],
    rail: 'plan',
    paymentId: null,
    decision: 'forwarded',
    upstreamStatus: status,
    gateway: 'gw-test',
    occurredAt: '2026-11-20T10:07:00.000Z',
    ...override,
    routeId,
    status,
  };
}

/** A settled x402 payment of 0.01 USD to that tenant, unless told otherwise. */
export function paymentOf(tenant: TenantIds, override: Partial<PaymentRecord> = {}): PaymentRecord {
  made += 1;
  const nonce = override.nonce ?? `0x${made.toString(16).padStart(64, '0')}`;
  return {
    paymentId: `pay-test-${made}`,
    version: 5,
    state: 'settled',
    approvalId: null,
    rail: 'x402',
    scheme: 'exact',
    settles: 'after',
    protocolVersion: 2,
    claimKey: `x402:eip155:84532:0xasset:0xpayer:${nonce}`,
    livemode: true,
    providerId: tenant.providerId,
    apiId: tenant.apiId,
    routeId: tenant.routeIds[1],
    requestId: `req-pay-${made}`,
    network: 'eip155:84532',
    asset: '0x036CbD53842c5426634e7929541eC2318f3dCF7e',
    payer: '0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC',
    payTo: '0x70997970C51812dc3A010C7d01b50e0d17dc79C8',
    nonce,
    amountAtomic: '10000',
    priceNanoUsd: nanoUsd(10_000_000n),
    roundingNanoUsd: ZERO_USD,
    feeNanoUsd: ZERO_USD,
    transaction: `0x${'ab'.repeat(32)}`,
    reason: null,
    validBefore: '2026-11-20T10:12:00.000Z',
    details: {},
    ...{ customerId: null, agentId: null, keyId: null, verifiedAt: null, settledAt: null },
    occurredAt: '2026-11-20T10:07:00.000Z',
    ...override,
  };
}
