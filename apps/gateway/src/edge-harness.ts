import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ApiSnapshot, UsageEvent } from '@tollwright/contracts';
import { nanoUsd } from '@tollwright/core';
import { openRaw, type RawConnection, type RecordingUpstream, startRecordingUpstream } from '@tollwright/testing';
import { EDGE_WALLET, type EdgeCaller, edgeCaller, PAYER_ADDRESS } from './edge-payment-harness.ts';
import { type GatewayProcess, openStage, type Stage } from './gateway-harness.ts';

/** What each call costs under the plan of this stage, and what strangers pay. */
export const REQUEST_NANO_USD = 100_000n;
export const STRANGER_NANO_USD = 10_000_000n;

const CUSTOMER = 'cus_edge';

/** A gateway with priced routes before an upstream that records every byte and spends all it is allowed to. */
export interface EdgeStage {
  readonly gateway: GatewayProcess;
  readonly upstream: RecordingUpstream;
  readonly key: string;
  /** Who calls, by key or with a fresh payment; the facilitator accepts every payment. */
  readonly caller: EdgeCaller;
  connect(isHead?: (index: number) => boolean): Promise<RawConnection>;
  /** Every usage event so far, by request id. */
  events(): Promise<ReadonlyMap<string, readonly UsageEvent[]>>;
  /** A plain call on a connection of its own: its status. */
  plainCall(): Promise<number>;
  close(): Promise<void>;
}

export async function openEdgeStage(): Promise<EdgeStage> {
  const facilitator = await startAgreeableFacilitator();
  const upstream = await startRecordingUpstream();
  const stage = await openStage({ facilitatorUrl: facilitator.url });
  const base = await stage.publish();
  await stage.publish({ ...edgeSnapshot(base), upstream: { baseUrl: upstream.url } });
  const reachable = [upstream.url, facilitator.url].map((url) => new URL(url).host).join(',');
  const gateway = await stage.startGateway('edge', undefined, { TOLLWRIGHT_EGRESS_ALLOW: reachable });
  const key = await stage.subscribe(CUSTOMER, { planVersionId: 'plv_edge', budgetNanoUsd: 9_000_000_000_000_000n });
  const port = Number(new URL(gateway.url).port);
  return {
    ...{ gateway, upstream, key, caller: edgeCaller(`${gateway.url}/acme/llm`, key) },
    connect: (isHead) => openRaw(port, isHead),
    events: () => eventsByRequest(stage),
    async plainCall() {
      const response = await fetch(`${gateway.url}/acme/llm/weather`, { headers: { authorization: `Bearer ${key}` } });
      await response.arrayBuffer();
      return response.status;
    },
    async close() {
      await stage.close();
      await upstream.close();
      await facilitator.close();
    },
  };
}

async function eventsByRequest(stage: Stage): Promise<ReadonlyMap<string, readonly UsageEvent[]>> {
  const byRequest = new Map<string, UsageEvent[]>();
  for (const event of await stage.events()) {
    byRequest.set(event.requestId, [...(byRequest.get(event.requestId) ?? []), event]);
  }
  return byRequest;
}

function edgeSnapshot(base: ApiSnapshot): Partial<Omit<ApiSnapshot, 'upstream'>> {
  const [first] = base.routes;
  const pro = base.plans.find(({ planKey }) => planKey === 'pro');
  if (first === undefined || pro === undefined) throw new Error('the sample snapshot has changed');
  const own = [
    { ...first, id: 'rte_getPremiumQuote', operationId: 'getPremiumQuote', method: 'GET' as const },
    { ...first, id: 'rte_createNote', operationId: 'createNote', method: 'POST' as const },
  ];
  const paths = ['/quotes/premium', '/notes'];
  const routes = [
    ...base.routes,
    ...own.map((route, index) => ({ ...route, pathTemplate: paths[index] ?? '', extractorId: null })),
  ].map((route) => ({ ...route, strangerPriceNanoUsd: nanoUsd(STRANGER_NANO_USD) }));
  const token = (meter: string, small: string, large: string) => ({
    ...{ key: meter, name: meter },
    price: {
      ...{ kind: 'per-model-token' as const, meter, defaultUsdPerMillion: null },
      usdPerMillionByModel: { 'toll-small': small, 'toll-large': large },
    },
  });
  const requests = { kind: 'per-unit' as const, meter: 'requests', usdPerUnit: '0.0001' };
  const rateCards = [
    token('input_tokens', '1', '10'),
    token('output_tokens', '2', '20'),
    { key: 'requests', name: 'Calls', price: requests },
  ];
  const terms = { ...pro.terms, rateCards, rateLimit: null, quotas: [] };
  return { routes, wallets: [EDGE_WALLET], plans: [...base.plans, { ...pro, planVersionId: 'plv_edge', terms }] };
}

/** Stands for a facilitator that finds every payment good: what is looked at here is what the upstream gets for it. */
async function startAgreeableFacilitator(): Promise<{ readonly url: string; close(): Promise<void> }> {
  let settled = 0;
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      const transaction = `0x${(++settled).toString(16).padStart(64, '0')}`;
      const settlement = { success: true, transaction, network: EDGE_WALLET.network, payer: PAYER_ADDRESS };
      const verdict = { isValid: true, payer: PAYER_ADDRESS };
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(request.url === '/verify' ? verdict : settlement));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
