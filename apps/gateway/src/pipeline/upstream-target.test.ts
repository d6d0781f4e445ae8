import { describe, expect, it } from 'vitest';
import type { CompiledApi } from '../snapshot/compiled-api.ts';
import { upstreamChoice, upstreamTarget } from './upstream-target.ts';

const snapshot = { providerSlug: 'acme', apiSlug: 'llm' };

describe('the target of an upstream', () => {
  it.each([
    ['', '/acme/llm/v1/models', '?a=b', '/v1/models?a=b'],
    ['/base', '/acme/llm/v1/models', '', '/base/v1/models'],
    ['/base', '/acme/llm', '', '/base'],
    ['/base', '/acme/llm/', '', '/base/'],
    ['', '/acme/llm', '', '/'],
    ['', '/acme/llm', '?a=b', '/?a=b'],
    ['', '/acme/llm/acme/llm', '', '/acme/llm'],
  ])('%j before %s%s is %s', (basePath, path, query, target) => {
    expect(upstreamTarget({ snapshot, basePath }, { path, query })).toBe(target);
  });

  it('is built for each other address with its own base path', () => {
    const fallbacks = [{ origin: 'https://b.test', host: 'b.test', basePath: '/b' }];
    const api = { snapshot, fallbacks, breaker: null } as unknown as CompiledApi;
    expect(upstreamChoice(api, { path: '/acme/llm/x', query: '?y' })).toEqual({
      breaker: null,
      fallbacks: [{ origin: 'https://b.test', host: 'b.test', target: '/b/x?y' }],
    });
  });
});
