import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ApiSnapshot, UsageEvent, X402Wallet } from '@tollwright/contracts';
import { nanoUsd } from '@tollwright/core';
import { serializePaymentPayload, toRequirementsV2 } from '@tollwright/protocols';
import { openRaw, type RawConnection, type RecordingUpstream, startRecordingUpstream } from '@tollwright/testing';
import { authorizationTypes } from '@x402/evm';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { type GatewayProcess, openStage, type Stage } from './gateway-harness.ts';

/** What each call costs under the plan of this stage, and what strangers pay. */
export const REQUEST_NANO_USD = 100_000n;
export const STRANGER_NANO_USD = 10_000_000n;

const STRANGER_ATOMIC = 10_000n;
const CHAIN_ID = 31_337;
const CUSTOMER = 'cus_edge';

/** A gateway with priced routes before an upstream that records every byte and spends all it is allowed to. */
export interface EdgeStage {
  readonly gateway: GatewayProcess;
  readonly upstream: RecordingUpstream;
  readonly key: string;
  /** The value of a fresh payment header of a stranger; the facilitator accepts every payment. */
  payment(): Promise<string>;
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
    ...{ gateway, upstream, key, payment: signedPayment },
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

const PAYER = privateKeyToAccount(generatePrivateKey());
const PAY_TO = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8';
const USDC = '0x036CbD53842c5426634e7929541eC2318f3dCF7e';
const WALLET: X402Wallet = {
  kind: 'x402',
  network: `eip155:${CHAIN_ID}`,
  ...{ asset: USDC, tokenName: 'USDC', tokenVersion: '2', decimals: 6, payTo: PAY_TO },
};

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
    ...base.routes.map((route) => ({ ...route, strangerPriceNanoUsd: nanoUsd(STRANGER_NANO_USD) })),
    ...own.map((route, index) => ({ ...route, pathTemplate: paths[index] ?? '', extractorId: null })),
  ];
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
  return { routes, wallets: [WALLET], plans: [...base.plans, { ...pro, planVersionId: 'plv_edge', terms }] };
}

async function signedPayment(): Promise<string> {
  const now = BigInt(Math.floor(Date.now() / 1_000));
  const nonce = `0x${Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('hex')}` as const;
  const terms = { to: PAY_TO, value: STRANGER_ATOMIC, validAfter: now - 600n, validBefore: now + 200n } as const;
  const authorization = { from: PAYER.address, ...terms, nonce };
  const signature = await PAYER.signTypedData({
    domain: { name: 'USDC', version: '2', chainId: CHAIN_ID, verifyingContract: USDC },
    primaryType: 'TransferWithAuthorization',
    types: authorizationTypes,
    message: authorization,
  });
  const way = { scheme: 'exact', transferMethod: 'eip3009', facilitator: null } as const;
  const offer = { ...WALLET, ...way, amountAtomic: STRANGER_ATOMIC, maxTimeoutSeconds: 300 };
  const accepted = { ...toRequirementsV2(offer), amount: STRANGER_ATOMIC };
  return serializePaymentPayload({ x402Version: 2, accepted, payload: { signature, authorization } });
}

/** Stands for a facilitator that finds every payment good: what is looked at here is what the upstream gets for it. */
async function startAgreeableFacilitator(): Promise<{ readonly url: string; close(): Promise<void> }> {
  let settled = 0;
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      const transaction = `0x${(++settled).toString(16).padStart(64, '0')}`;
      const settlement = { success: true, transaction, network: WALLET.network, payer: PAYER.address };
      const verdict = { isValid: true, payer: PAYER.address };
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
