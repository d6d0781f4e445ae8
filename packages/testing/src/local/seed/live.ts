import { setTimeout as sleep } from 'node:timers/promises';
import { ExactEvmScheme } from '@x402/evm';
import { wrapFetchWithPaymentFromConfig } from '@x402/fetch';
import { privateKeyToAccount } from 'viem/accounts';
import { API, NETWORK, PAID_PATH, PROVIDER } from './demo.ts';
import type { SeedEnv } from './env.ts';

const SERVED_TIMEOUT_MS = 15_000;
const CITIES = ['Lisbon', 'Porto', 'Oslo', 'Kyoto', 'Quito', 'Accra', 'Turin', 'Perth', 'Lima'];

/** Waits until every gateway serves the demo API. */
export async function untilServed(env: SeedEnv, key: string): Promise<void> {
  const deadline = Date.now() + SERVED_TIMEOUT_MS;
  for (const gateway of env.gatewayUrls) {
    for (;;) {
      const stranger = await fetch(`${gateway}/${PROVIDER.slug}/${API.slug}${PAID_PATH}`);
      const known = await fetch(`${gateway}/${PROVIDER.slug}/${API.slug}${PAID_PATH}`, {
        headers: { authorization: `Bearer ${key}` },
      });
      if (stranger.status === 402 && known.status === 200) break;
      if (Date.now() > deadline) {
        throw new Error(`${gateway} answers ${stranger.status} to a stranger and ${known.status} to a key`);
      }
      await sleep(100);
    }
  }
}

/** Strangers' calls, each paid on the local chain by x402. */
export async function payAsStranger(env: SeedEnv): Promise<number> {
  const [gateway] = env.gatewayUrls;
  const account = privateKeyToAccount(env.agentPrivateKey);
  const pay = wrapFetchWithPaymentFromConfig(fetch, {
    schemes: [{ network: NETWORK, client: new ExactEvmScheme(account) }],
  });
  let paid = 0;
  for (const city of CITIES) {
    const response = await pay(`${gateway}/${PROVIDER.slug}/${API.slug}/weather?city=${city}`);
    if (response.status !== 200)
      throw new Error(`a paid call was answered ${response.status}: ${await response.text()}`);
    paid += 1;
  }
  const chat = await pay(`${gateway}/${PROVIDER.slug}/${API.slug}/v1/chat/completions`, chatRequest('toll-small'));
  if (chat.status === 200) paid += 1;
  return paid;
}

/** Calls with a key, at every gateway. */
export async function callWithKey(env: SeedEnv, key: string): Promise<void> {
  for (const [index, model] of ['toll-small', 'toll-large', 'toll-small', 'gpt-4o-mini'].entries()) {
    const gateway = env.gatewayUrls[index % env.gatewayUrls.length];
    const request = chatRequest(model);
    const response = await fetch(`${gateway}/${PROVIDER.slug}/${API.slug}/v1/chat/completions`, {
      ...request,
      headers: { ...request.headers, authorization: `Bearer ${key}` },
    });
    if (response.status !== 200) throw new Error(`a call was answered ${response.status}: ${await response.text()}`);
  }
}

/** Calls that are refused, so that there is something to explain: a key that nobody has, and a body that is no JSON. */
export async function callRefused(env: SeedEnv, key: string): Promise<void> {
  const url = `${env.gatewayUrls[0]}/${PROVIDER.slug}/${API.slug}/v1/chat/completions`;
  const calls = [
    { status: 401, key: 'tw_live_nobody', type: 'application/json' },
    { status: 415, key, type: 'text/plain' },
  ];
  for (const { status, key: shown, type } of calls) {
    const headers = { 'content-type': type, authorization: `Bearer ${shown}` };
    const response = await fetch(url, { ...chatRequest('toll-small'), headers });
    if (response.status !== status) throw new Error(`a call to be refused with ${status} got ${response.status}`);
  }
}

function chatRequest(model: string) {
  return {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model, messages: [{ role: 'user', content: 'Where does the toll go?' }], max_tokens: 24 }),
  };
}
