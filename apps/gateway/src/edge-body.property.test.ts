import type { ApiSnapshot, ExtractorRule } from '@tollwright/contracts';
import { nanoUsd } from '@tollwright/core';
import { boundCall, createTariff, forwardedBody } from '@tollwright/policies';
import { readingsOf } from '@tollwright/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mutated, mutation } from './edge-mutation-harness.ts';

const token = (meter: string) => ({
  ...{ key: meter, name: meter },
  price: {
    ...{ kind: 'per-model-token' as const, meter, defaultUsdPerMillion: null },
    usdPerMillionByModel: { 'toll-small': '1', 'toll-large': '10' },
  },
});
const sum = (slug: string) => ({
  ...{ slug, eventType: 'request', aggregation: 'SUM' as const, valueProperty: `$.${slug}` },
  groupBy: { model: '$.model' },
});
const plan: ApiSnapshot['plans'][number] = {
  ...{ planVersionId: 'plv_1', planKey: 'pro', version: 1 },
  terms: {
    ...{ currency: 'usd', billingPeriod: 'month', rateLimit: null, quotas: [], outputTokensMax: 1_000 },
    rateCards: [token('input_tokens'), token('output_tokens')],
    policies: [],
    prepaid: null,
    defaultKeyBudget: { limitNanoUsd: nanoUsd(1n), period: 'month' },
  },
};
const tariff = createTariff(plan, [sum('input_tokens'), sum('output_tokens')], 'request');

/** Bodies by the path that they are meant for. A body that its upstream would not take at all is nobody's cost. */
const BODIES = [
  ['/v1/chat/completions', 'openai', '{"model":"toll-small","messages":[{"role":"user"}],"max_tokens":7}'],
  ['/v1/chat/completions', 'openai', '{"model":"toll-large","messages":[],"n":2,"stream":true}'],
  ['/v1/completions', 'openai', '{"model":"toll-small","prompt":["a","b"],"max_tokens":3}'],
  ['/v1/responses', 'openai', '{"model":"toll-small","input":"a","max_output_tokens":4}'],
  ['/v1/messages', 'anthropic', '{"model":"toll-small","messages":[],"max_tokens":5}'],
] as const;

describe('a body that was changed byte by byte', () => {
  it.each(BODIES)('on %s is refused, or has one reading, and no more than is held for it', (path, kind, body) => {
    const rule: ExtractorRule = { kind };
    let bounded = 0;
    const changes = fc.array(mutation, { minLength: 1, maxLength: 5 });
    const check = (mutations: Parameters<typeof mutated>[1][]) => {
      const bytes = Buffer.from(mutations.reduce(mutated, body), 'latin1');
      if (bytes.length === 0) return;
      const shape = { rule, body: bytes, known: { route: 'r' }, bodyBytesMax: 1_000, durationMsMax: 1_000 };
      const reply = boundCall(tariff, shape);
      if (reply.kind === 'refused') return;
      const { data } = reply.worst;
      const readings = readingsOf(path, forwardedBody(reply.worst) ?? bytes);
      if (readings.length === 0) return;
      bounded++;
      expect(readings).toMatchObject([{ model: data.model }]);
      expect(readings[0]?.outputTokens).toBeLessThanOrEqual(Number(data.output_tokens));
      expect(data.input_tokens).toBe(bytes.length);
    };
    fc.assert(fc.property(changes, check), { numRuns: 4_000, seed: 20_260 });
    expect(bounded).toBeGreaterThan(400);
  });
});
