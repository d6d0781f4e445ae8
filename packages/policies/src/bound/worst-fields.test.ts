import type { ExtractorRule, SnapshotPlan } from '@tollwright/contracts';
import { nanoUsd } from '@tollwright/core';
import { describe, expect, it } from 'vitest';
import { createTariff } from '../tariff.ts';
import { type BoundReply, boundCall, forwardedBody, withOutputCap } from './bound.ts';

const sum = (slug: string) => ({
  ...{ slug, eventType: 'request', aggregation: 'SUM' as const, valueProperty: `$.${slug}` },
  groupBy: {},
});

/** A plan that prices each of some fields at a dollar the million. */
function tariffOf(...fields: readonly string[]) {
  const plan: SnapshotPlan = {
    ...{ planVersionId: 'plv_1', planKey: 'pro', version: 1 },
    terms: {
      ...{ currency: 'usd', billingPeriod: 'month', rateLimit: null, quotas: [], outputTokensMax: 1_000 },
      rateCards: fields.map((meter) => ({
        ...{ key: meter, name: meter },
        price: { kind: 'per-unit' as const, meter, usdPerUnit: '0.000001' },
      })),
      policies: [],
      prepaid: null,
      defaultKeyBudget: { limitNanoUsd: nanoUsd(1n), period: 'month' },
    },
  };
  return createTariff(plan, fields.map(sum), 'request');
}

const shape = { known: { route: 'r' }, bodyBytesMax: 5_000, durationMsMax: 60_000 };
function bound(fields: readonly string[], rule: ExtractorRule | null, body: string | null): BoundReply {
  return boundCall(tariffOf(...fields), { ...shape, rule, body: body === null ? null : Buffer.from(body) });
}
const worst = (reply: BoundReply) => {
  if (reply.kind === 'refused') throw new Error(reply.problem.detail);
  return reply.worst;
};

describe('what a call may report at most', () => {
  it('is its bytes and its time, which the gateway knows', () => {
    expect(worst(bound(['bytes_in', 'duration_ms'], null, 'hello')).data).toMatchObject({
      bytes_in: 5,
      duration_ms: 60_000,
    });
    expect(worst(bound(['bytes_in'], null, null)).data).toMatchObject({ bytes_in: 5_000 });
  });

  it('is not written where no price depends on it', () => {
    expect(worst(bound(['bytes_in'], null, 'hello')).data).toEqual({ route: 'r', bytes_in: 5 });
  });

  it('is its input for every part of the input, and its cap for every part of the output', () => {
    const body = '{"model":"m","max_tokens":10,"messages":[]}';
    const call = worst(bound(['cached_input_tokens', 'reasoning_tokens'], { kind: 'openai' }, body));
    expect(call.data).toMatchObject({ cached_input_tokens: body.length, reasoning_tokens: 10 });
    expect(call.priced.rated.amountNanoUsd).toBe(BigInt((body.length + 10) * 1_000));
    const smaller = withOutputCap(tariffOf('cached_input_tokens', 'reasoning_tokens'), call, 4);
    expect(smaller.data).toMatchObject({ cached_input_tokens: body.length, reasoning_tokens: 4, output_tokens: 4 });
  });

  it.each([
    ['a path', { kind: 'json', fields: { pages: '$.pages' } }],
    ['a header', { kind: 'headers', headers: { pages: 'x-pages' } }],
  ] as const)('of %s is what the rule says, and without a word of it the call is refused', (_what, rule) => {
    expect(bound(['pages'], rule, null)).toMatchObject({ problem: { slug: 'unbounded-call' } });
    expect(worst(bound(['pages'], { ...rule, atMost: { pages: 40 } }, null)).data).toMatchObject({ pages: 40 });
    expect(worst(bound([], rule, null)).data).toEqual({ route: 'r' });
  });

  it('of the bytes of an answer is what the rule says', () => {
    expect(bound(['bytes_out'], null, null)).toMatchObject({ problem: { slug: 'unbounded-call' } });
    const rule = { kind: 'openai' as const, atMost: { bytes_out: 9 } };
    expect(worst(bound(['bytes_out'], rule, '{"model":"m"}')).data).toMatchObject({ bytes_out: 9 });
  });
});

describe('an Anthropic-shaped call', () => {
  const anthropic = { kind: 'anthropic' as const };
  const message = (body: string) =>
    worst(bound(['input_tokens', 'cache_read_input_tokens', 'output_tokens'], anthropic, body));

  it('is bounded by its bytes, cached ones too, and max_tokens', () => {
    const body = '{"model":"m","max_tokens":10,"n":5,"messages":[]}';
    expect(message(body).data).toMatchObject({
      ...{ model: 'm', input_tokens: body.length, cache_read_input_tokens: body.length, output_tokens: 10 },
    });
    expect(forwardedBody(message(body))).toBeNull();
  });

  it.each([
    ['a missing cap', '{"model":"m"}', '{"max_tokens":1000,"model":"m"}'],
    ['a cap above the plan', '{"max_tokens": 5000}', '{"max_tokens": 1000}'],
    [
      'a cap of another API beside it',
      '{"max_tokens":5000,"max_output_tokens":1}',
      '{"max_tokens":1000,"max_output_tokens":1}',
    ],
    ['a stream, which says its usage anyway', '{"max_tokens":9,"stream":true}', null],
  ])('%s is forwarded as it was priced', (_name, body, expected) => {
    expect(forwardedBody(message(body))?.toString() ?? null).toBe(expected);
  });

  it('is refused with a cap that is no count', () => {
    expect(bound([], anthropic, '{"max_tokens":"9"}')).toMatchObject({ problem: { slug: 'invalid-input' } });
  });
});

describe('a streamed OpenAI-shaped call', () => {
  const body = '{"model":"m","max_tokens":5000,"stream":true,"messages":[]}';
  const asked = '{"stream_options":{"include_usage":true},"model":"m","max_tokens":1000,"stream":true,"messages":[]}';

  it('is asked for its usage, beside its cap, unless the rule says not to', () => {
    const openai = worst(bound([], { kind: 'openai' }, body));
    expect([openai.asksUsage, forwardedBody(openai)?.toString()]).toEqual([true, asked]);
    const quiet = worst(bound([], { kind: 'openai', includeUsage: false }, body));
    expect([quiet.asksUsage, forwardedBody(quiet)?.toString()]).toEqual([false, body.replace('5000', '1000')]);
  });

  it('goes on unchanged where it says all of this itself', () => {
    expect(forwardedBody(worst(bound([], { kind: 'openai' }, asked)))).toBeNull();
  });

  it('is refused when it names its options twice', () => {
    const twice = '{"stream":true,"stream_options":{},"stream_options":{},"messages":[]}';
    expect(bound([], { kind: 'openai' }, twice)).toMatchObject({ problem: { slug: 'bad-request' } });
  });
});
