import { type PaymentRecord, toJson, type UsageEvent } from '@tollwright/contracts';
import { nanoUsd } from '@tollwright/core';
import { ingestSpool, ingestTraces } from '@tollwright/services';
import { callTraceOf } from '../factories/trace.ts';
import type { ServicesHarness } from './services-harness.ts';

/** What a call was about. */
export interface CallSubject {
  readonly providerId: string;
  readonly customerId: string;
  readonly agentId: string;
  readonly keyId: string;
  readonly apiId: string;
  readonly routeId: string;
}

/** One call of the agent with its trace, and one settled payment of a stranger, taken in as a gateway's spool brings them. */
export async function recordTraffic(harness: ServicesHarness, name: string, subject: CallSubject) {
  const spoolId = `spl_${name}`;
  const event = usageEventOf(spoolId, subject);
  const payment = paymentOf(name, subject);
  const { spools, inbox, traces } = harness.gatewayState;
  await spools.register({ spoolId, bootId: 'boot', host: 'test', url: 'http://127.0.0.1:1' });
  await inbox.append(spoolId, [
    { sequence: 1, item: { kind: 'usage', event } },
    { sequence: 2, item: { kind: 'payment', payment } },
  ]);
  await ingestSpool(harness.workerCtx, spoolId);
  await traces.append([toJson(callTraceOf(subject, { eventId: event.eventId }))]);
  await ingestTraces(harness.workerCtx);
  return { eventId: event.eventId, paymentId: payment.paymentId };
}

/** A call of 100 input and 20 output tokens, charged 0.0003 USD. */
export function usageEventOf(spoolId: string, subject: CallSubject): UsageEvent {
  return {
    ...subject,
    schemaVersion: 1,
    eventId: `${spoolId}-1`,
    requestId: `req_${spoolId}`,
    type: 'request',
    livemode: true,
    parentAgentId: null,
    projectId: null,
    sessionId: null,
    payer: null,
    snapshotVersion: 1,
    planVersionId: null,
    data: {
      model: 'small-1',
      route: subject.routeId,
      status: 200,
      input_tokens: 100,
      output_tokens: 20,
      total_tokens: 120,
    },
    bytesIn: 200,
    bytesOut: 400,
    durationMs: 12,
    firstByteMs: 8,
    estimated: false,
    ratedNanoUsd: nanoUsd(300_000n),
    chargedNanoUsd: nanoUsd(300_000n),
    shortfallNanoUsd: nanoUsd(0n),
    costNanoUsd: null,
    charges: [],
    rail: 'plan',
    paymentId: null,
    decision: 'forwarded',
    status: 200,
    upstreamStatus: 200,
    gateway: spoolId,
    occurredAt: new Date().toISOString(),
  };
}

function paymentOf(name: string, subject: CallSubject): PaymentRecord {
  return {
    paymentId: `pay_${name}`,
    version: 1,
    state: 'settled',
    approvalId: null,
    rail: 'x402',
    scheme: 'exact',
    settles: 'after',
    protocolVersion: 2,
    claimKey: `x402:eip155:84532:0xasset:0xpayer:${name}`,
    livemode: true,
    providerId: subject.providerId,
    apiId: subject.apiId,
    routeId: subject.routeId,
    requestId: `req_paid_${name}`,
    network: 'eip155:84532',
    asset: '0x036CbD53842c5426634e7929541eC2318f3dCF7e',
    payer: '0x15d34AAf54267DB7D7c367839AAf71A00a2C6A65',
    payTo: '0x70997970C51812dc3A010C7d01b50e0d17dc79C8',
    nonce: `0x${'0'.repeat(63)}1`,
    amountAtomic: '10000',
    priceNanoUsd: nanoUsd(10_000_000n),
    roundingNanoUsd: nanoUsd(0n),
    feeNanoUsd: nanoUsd(0n),
    transaction: `0x${'ab'.repeat(32)}`,
    reason: null,
    validBefore: new Date(Date.now() + 60_000).toISOString(),
    details: {},
    ...{ customerId: null, agentId: null, keyId: null, verifiedAt: null, settledAt: null },
    occurredAt: new Date().toISOString(),
  };
}
