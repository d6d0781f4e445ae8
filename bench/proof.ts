import { CHAT_BODY } from './bodies.ts';
import { API_BASE, CALLS_BEFORE_REFUSAL, CHAT_PATH, type Keys, VALIDATED_PATH } from './fixture.ts';

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
  const before = await upstreamCalls(upstreamUrl);
  await expectProblem(gatewayUrl, keys.timed, 422, 'invalid-input', VALIDATED_PATH);
  if ((await upstreamCalls(upstreamUrl)) !== before) throw new Error('a call with an invalid body was forwarded');
}

/** A rival answers this status to a call that it must refuse, and does not forward it. */
export async function proveRefused(
  url: string,
  upstreamUrl: string,
  headers: Record<string, string>,
  status: number,
): Promise<void> {
  const before = await upstreamCalls(upstreamUrl);
  const response = await fetch(url, {
    ...{ method: 'POST', body: CHAT_BODY },
    headers: { 'content-type': 'application/json', ...headers },
  });
  await response.arrayBuffer();
  if (response.status !== status) throw new Error(`${url} answered ${response.status}, expected ${status}`);
  if ((await upstreamCalls(upstreamUrl)) !== before) throw new Error(`${url} forwarded a call that it refused`);
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

async function expectProblem(
  gatewayUrl: string,
  key: string,
  status: number,
  slug: string,
  path = CHAT_PATH,
): Promise<void> {
  const response = await post(gatewayUrl, key, path);
  const text = await response.text();
  if (response.status !== status || !text.includes(`/problems/${slug}"`)) {
    throw new Error(`expected ${status} ${slug}, got ${response.status}: ${text.slice(0, 300)}`);
  }
}

/** A chat call; to the validated route it is one of a role that its schema does not know. */
function post(gatewayUrl: string, key: string, path = CHAT_PATH): Promise<Response> {
  const body = path === VALIDATED_PATH ? CHAT_BODY.replace('"user"', '"nobody"') : CHAT_BODY;
  return fetch(`${gatewayUrl}${API_BASE}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body,
  });
}

export async function upstreamCalls(upstreamUrl: string): Promise<number> {
  return Number(await (await fetch(`${upstreamUrl}/_calls`)).text());
}
