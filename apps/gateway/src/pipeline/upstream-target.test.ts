import { describe, expect, it } from 'vitest';
import { upstreamTarget } from './upstream-target.ts';

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
});
