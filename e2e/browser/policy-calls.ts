import { expect } from '@playwright/test';
import { bearer, type ChatRequest, chatBody, problemOf } from '../agent-calls.ts';
import { eventually } from '../eventually.ts';
import { done } from '../management.ts';
import { freshName } from '../subscriber.ts';
import { upstreamCall } from '../upstream.ts';
import type { AgentWithKey, Shop } from './shop.ts';

/** Until a change that was made in the browser is in force. How fast that is, the stories of revoked keys measure. */
export const FELT_MS_MAX = 30_000;

/** A shop with a customer on Pro, whose agent calls. */
export interface Market {
  readonly shop: Shop;
  readonly customerId: string;
  readonly agent: AgentWithKey;
}

export function chat({ apiUrl }: Shop, key: string, request: ChatRequest = {}): Promise<Response> {
  return fetch(`${apiUrl}/v1/chat/completions`, {
    method: 'POST',
    headers: { ...bearer(key), 'content-type': 'application/json' },
    body: chatBody(request),
  });
}

export function quote({ apiUrl }: Shop, headers: Record<string, string>): Promise<Response> {
  return fetch(`${apiUrl}/quotes/ACME`, { headers });
}

/** Calls until the answer has the status: a change is in force within a second, and limits have to be used up. */
export function felt(what: string, status: number, call: () => Promise<Response>): Promise<Response> {
  return eventually(`${what} is answered ${status}`, FELT_MS_MAX, async () => {
    const answer = await call();
    return answer.status === status ? answer : null;
  });
}

/** The problem that the agent's chat calls are refused with. */
export async function refused({ shop, agent }: Market, status: number, slug: string): Promise<Record<string, unknown>> {
  const problem = await problemOf(await felt(slug, status, () => chat(shop, agent.key)));
  expect(problem.slug).toBe(slug);
  return problem;
}

/** Once a policy that refused the agent's chat calls is gone. */
export function servedAgain({ shop, agent }: Market): Promise<Response> {
  return felt('what was refused', 200, () => chat(shop, agent.key));
}

/** Whom the upstream's log and the caller's answer name; null where they name nobody. */
export async function customersNamed(shop: Shop, agent: AgentWithKey): Promise<(string | null)[]> {
  const answer = await chat(shop, agent.key);
  expect(answer.status).toBe(200);
  const { headers } = await upstreamCall(answer.headers.get('x-request-id') ?? '');
  return [headers['x-bought-by'] ?? null, answer.headers.get('x-sold-to')];
}

/** Makes two slow calls at once until their statuses are these, in order. */
export function twoAtOnce({ shop, agent }: Market, what: string, statuses: string): Promise<true> {
  const slow = { stream: true, upstream: { chunks: 3, chunkIntervalMs: 200 } };
  return eventually(what, FELT_MS_MAX, async () => {
    const answers = await Promise.all([chat(shop, agent.key, slow), chat(shop, agent.key, slow)]);
    for (const answer of answers) await answer.text();
    const seen = answers.map(({ status }) => status).sort();
    return seen.join() === statuses ? true : null;
  });
}

/** A key whose budget affords some hundred output tokens: by itself a call is lowered to them and served. */
export function lowKey(market: Market): Promise<string> {
  return newKey(market, { budget: { limitNanoUsd: '500000', period: 'month' } });
}

export async function newKey(
  { shop, customerId, agent }: Market,
  given: { scopes?: string[]; budget?: { limitNanoUsd: string; period: 'month' } },
): Promise<string> {
  const body = { customerId, agentId: agent.id, name: freshName('key'), ...given };
  return (await done(shop.management.POST('/keys', { body }))).key;
}
