import { describe, expect, it } from 'vitest';
import type { Visit } from '../pipeline/visit.ts';
import type { CompiledApi, CompiledRoute } from '../snapshot/compiled-api.ts';
import { CallView } from './call-view.ts';

const api = {
  snapshot: {
    ...{ apiId: 'api_1', providerSlug: 'acme', apiSlug: 'llm' },
    plans: [{ planVersionId: 'plv_1', planKey: 'pro' }],
  },
} as unknown as CompiledApi;
const route = { pathTemplate: '/a/{b}', route: { id: 'rte_1', operationId: 'op' } } as unknown as CompiledRoute;
const visit = (headers: Record<string, string | string[]> = {}, path = '/acme/llm/a/1') =>
  ({
    ...{ method: 'POST', path, query: '?x=1', startedAtMs: 7, gateway: { trustedProxies: 0 } },
    request: { headers, socket: { remoteAddress: '192.0.2.1' } },
  }) as unknown as Visit;
const view = (body: Buffer | null, headers = {}) => {
  const call = new CallView(visit(headers), api, route, null);
  call.takeBody(body);
  return call;
};

describe('a call as policies see it', () => {
  it('has the path below its API', () => {
    expect([view(null).path, new CallView(visit({}, '/acme/llm'), api, route, null).path]).toEqual(['/a/1', '/']);
  });

  it('joins the lines of a header, and knows the announced length', () => {
    const call = view(null, { 'x-a': ['1', '2'], 'content-length': '12' });
    expect([call.header('x-a'), call.header('x-b'), call.bodyBytes, view(null).bodyBytes]).toEqual([
      '1, 2',
      undefined,
      12,
      null,
    ]);
  });

  it.each([
    ['none', null, { kind: 'none' }],
    ['an empty one', Buffer.alloc(0), { kind: 'none' }],
    ['JSON', Buffer.from('{"a":1}'), { kind: 'json', value: { a: 1 } }],
    ['no JSON', Buffer.from('{'), { kind: 'malformed' }],
    ['no UTF-8', Buffer.from([0x22, 0xff, 0x22]), { kind: 'malformed' }],
  ])('a body that is %s', (_what, body, document) => {
    expect(view(body).document()).toEqual(document);
  });

  it('reads a body once, and again when another one is taken', () => {
    const call = view(Buffer.from('{"a":1}'));
    expect(call.document()).toBe(call.document());
    call.takeBody(Buffer.from('[]'));
    expect([call.text(), call.document()]).toEqual(['[]', { kind: 'json', value: [] }]);
  });

  it("names the plan of its caller, and none of a stranger's", () => {
    const principal = { customer: { planVersionId: 'plv_1' } } as never;
    expect([new CallView(visit(), api, route, principal).planKey, view(null).planKey]).toEqual(['pro', null]);
  });
});
