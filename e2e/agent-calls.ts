import { readLocal } from './local.ts';

export type Gateway = 0 | 1;

/** Where the demo's API is at one of the two gateway processes. */
export function apiUrl(gateway: Gateway = 0): string {
  const { api, gatewayUrl, gatewayUrls } = readLocal();
  return api.baseUrl.replace(gatewayUrl, gatewayUrls[gateway]);
}

export function bearer(key: string): Record<string, string> {
  return { authorization: `Bearer ${key}` };
}

export interface ChatRequest {
  readonly [member: string]: unknown;
  readonly max_tokens?: number;
  readonly stream?: boolean;
}

/** The bytes that a chat call sends: what its input is bounded by. */
export function chatBody(request: ChatRequest = {}): string {
  return JSON.stringify({ model: 'toll-small', messages: [{ role: 'user', content: 'hello' }], ...request });
}

/** A chat call to the demo's API. */
export function chat(
  headers: Record<string, string>,
  request: ChatRequest = {},
  gateway: Gateway = 0,
): Promise<Response> {
  return fetch(`${apiUrl(gateway)}/v1/chat/completions`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: chatBody(request),
  });
}

/** A plain GET call to the demo's API, on a route that has no price for strangers. */
export function quote(headers: Record<string, string>, gateway: Gateway = 0): Promise<Response> {
  return fetch(`${apiUrl(gateway)}/quotes/ACME`, { headers });
}

/** The problem document of a refusal, with its slug. Throws when the answer is something else. */
export async function problemOf(response: Response): Promise<Record<string, unknown> & { slug: string }> {
  const type = response.headers.get('content-type');
  if (type !== 'application/problem+json') throw new Error(`${response.status} answered ${type}`);
  const document = (await response.json()) as Record<string, unknown>;
  return { ...document, slug: String(document.type).split('/problems/')[1] ?? '' };
}

/** How often each status occurs. */
export function tally(answers: readonly { readonly status: number }[]): Record<number, number> {
  const counts: Record<number, number> = {};
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

/** Calls again and again until the key is refused with 401: when that was, and how many calls were served before. */
export async function firstRefusal(call: () => Promise<Response>): Promise<{ atMs: number; served: number }> {
  const deadlineMs = performance.now() + 5_000;
  for (let served = 0; performance.now() < deadlineMs; served++) {
    const { status } = await call();
    if (status === 401) return { atMs: performance.now(), served };
    if (status !== 200) throw new Error(`a call with a key was answered ${status}`);
  }
  throw new Error('the key is still served');
}
