import { API_PATH, CALLS_BEFORE_REFUSAL, type Keys } from './fixture.ts';

const BODY = JSON.stringify({
  model: 'bench-small',
  max_tokens: 400,
  messages: [{ role: 'user', content: 'x'.repeat(900) }],
});

/** Proves on the process that will be timed that each policy refuses, by name, and that a refused call is not forwarded. */
export async function proveRefusals(gatewayUrl: string, upstreamUrl: string, keys: Keys): Promise<void> {
  await expectProblem(gatewayUrl, 'tw_live_nonsense', 401, 'invalid-key');
  for (const [key, slug] of [
    [keys.rateLimited, 'rate-limited'],
    [keys.quotaLimited, 'quota-exhausted'],
    [keys.budgetLimited, 'budget-exhausted'],
  ] as const) {
    await callUntilRefused(gatewayUrl, upstreamUrl, key, slug);
  }
}

async function callUntilRefused(gatewayUrl: string, upstreamUrl: string, key: string, slug: string): Promise<void> {
  for (let call = 0; call < 50; call++) {
    const before = await upstreamCalls(upstreamUrl);
    const response = await post(gatewayUrl, key);
    const text = await response.text();
    if (response.status === 200) continue;
    if (response.status !== 429 || !text.includes(`/problems/${slug}"`)) {
      throw new Error(`expected 429 ${slug}, got ${response.status}: ${text.slice(0, 300)}`);
    }
    if (call < CALLS_BEFORE_REFUSAL && slug !== 'budget-exhausted')
      throw new Error(`${slug} came after ${call} calls already`);
    if ((await upstreamCalls(upstreamUrl)) !== before) throw new Error(`a call refused by ${slug} was forwarded`);
    return;
  }
  throw new Error(`${slug}: 50 calls and no refusal`);
}

async function expectProblem(gatewayUrl: string, key: string, status: number, slug: string): Promise<void> {
  const response = await post(gatewayUrl, key);
  const text = await response.text();
  if (response.status !== status || !text.includes(`/problems/${slug}"`)) {
    throw new Error(`expected ${status} ${slug}, got ${response.status}: ${text.slice(0, 300)}`);
  }
}

function post(gatewayUrl: string, key: string): Promise<Response> {
  return fetch(`${gatewayUrl}${API_PATH}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: BODY,
  });
}

export async function upstreamCalls(upstreamUrl: string): Promise<number> {
  return Number(await (await fetch(`${upstreamUrl}/_calls`)).text());
}
