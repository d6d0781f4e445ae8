import type { ExtractorRule, SnapshotPlan } from '@tollwright/contracts';
import { nanoUsd } from '@tollwright/core';
import { describe, expect, it } from 'vitest';
import type { NodeRefusal } from '../policy.ts';
import { createTariff } from '../tariff.ts';
import { affordableCap } from './afford.ts';
import { boundCall, forwardedBody, type WorstCase } from './bound.ts';

const token = (meter: string, usd: string) => ({
  ...{ key: meter, name: meter },
  price: { kind: 'per-model-token' as const, meter, usdPerMillionByModel: { m: usd }, defaultUsdPerMillion: null },
});
const sum = (slug: string) => ({
  ...{ slug, eventType: 'request', aggregation: 'SUM' as const, valueProperty: `$.${slug}` },
  groupBy: { model: '$.model' },
});
const count = {
  slug: 'requests',
  eventType: 'request',
  aggregation: 'COUNT' as const,
  valueProperty: null,
  groupBy: {},
};
const plan = (rateCards: SnapshotPlan['terms']['rateCards']): SnapshotPlan => ({
  ...{ planVersionId: 'plv_1', planKey: 'pro', version: 1 },
  terms: {
    ...{
      currency: 'usd',
      billingPeriod: 'month',
      rateLimit: null,
      quotas: [],
      rateCards,
      outputTokensMax: 1_000,
      policies: [],
      prepaid: null,
    },
    defaultKeyBudget: { limitNanoUsd: nanoUsd(1n), period: 'month' },
  },
});
const meters = [count, sum('input_tokens'), sum('output_tokens'), sum('pages')];
const tariff = createTariff(plan([token('input_tokens', '1'), token('output_tokens', '2')]), meters, 'request');
const known = { route: 'chat' };
const most = { bodyBytesMax: 1_000, durationMsMax: 60_000 };
const openai: ExtractorRule = { kind: 'openai' };

const bound = (body: string, on = tariff) => boundCall(on, { rule: openai, body: Buffer.from(body), known, ...most });
function worstOf(body: string): WorstCase {
  const reply = bound(body);
  if (reply.kind !== 'bounded') throw new Error(reply.problem.detail);
  return reply.worst;
}
const forwarded = (body: string) => forwardedBody(worstOf(body))?.toString() ?? body;

describe('the bound of a call', () => {
  it('is the bytes of its body and the capped number of choices', () => {
    const body = '{"model":"m","max_tokens":10,"n":3}';
    const worst = worstOf(body);
    expect(worst.data).toMatchObject({ input_tokens: body.length, output_tokens: 30, model: 'm', route: 'chat' });
    expect(worst.priced.rated.amountNanoUsd).toBe(BigInt(body.length * 1_000 + 30 * 2_000));
  });

  it.each([
    ['a missing cap', '{"model":"m","messages":[]}', '{"max_tokens":1000,"model":"m","messages":[]}'],
    ['an empty request', '{}', null],
    ['a model that takes the newer name', '{"model":"o3","messages":[]}', null],
    ['a cap above the plan', '{"model":"m", "max_tokens" : 5000 }', '{"model":"m", "max_tokens" : 1000 }'],
    ['a null cap', '{"max_tokens":null,"model":"m"}', '{"max_tokens":1000,"model":"m"}'],
    [
      'two caps',
      '{"model":"m","max_tokens":9,"max_completion_tokens":5}',
      '{"model":"m","max_tokens":5,"max_completion_tokens":5}',
    ],
    ['a fitting cap', '{"model":"m","max_tokens":9}', '{"model":"m","max_tokens":9}'],
    ['a response request', '{"model":"m","input":"hi"}', '{"max_output_tokens":1000,"model":"m","input":"hi"}'],
    [
      'a cap that only the other API obeys',
      '{"model":"m","max_output_tokens":1,"messages":[]}',
      '{"max_tokens":1,"model":"m","max_output_tokens":1,"messages":[]}',
    ],
    [
      'a completions cap of a response request',
      '{"model":"m","max_tokens":7,"input":"hi"}',
      '{"max_output_tokens":7,"model":"m","max_tokens":7,"input":"hi"}',
    ],
    [
      'a stored prompt',
      '{"model":"m","prompt":{"id":"p"}}',
      '{"max_output_tokens":1000,"model":"m","prompt":{"id":"p"}}',
    ],
    [
      'a chat cap of a legacy completion',
      '{"model":"m","max_completion_tokens":5,"prompt":"a"}',
      '{"max_tokens":5,"model":"m","max_completion_tokens":5,"prompt":"a"}',
    ],
    [
      'a response that goes on from another',
      '{"model":"m","previous_response_id":"r","max_tokens":5}',
      '{"max_output_tokens":5,"model":"m","previous_response_id":"r","max_tokens":5}',
    ],
    [
      'a response of a conversation',
      '{"model":"m","conversation":"c"}',
      '{"max_output_tokens":1000,"model":"m","conversation":"c"}',
    ],
    ['a nested namesake', '{"model":"m","x":{"max_tokens":1}}', '{"max_tokens":1000,"model":"m","x":{"max_tokens":1}}'],
  ])('%s is forwarded as it was priced', (_name, body, expected) => {
    if (expected === null) expect(bound(body)).toMatchObject({ kind: 'refused', problem: { slug: 'unbounded-call' } });
    else expect(forwarded(body)).toBe(expected);
  });

  it.each([
    ['two prompts', '["a","b"]', 2],
    ['two prompts in tokens', '[[1,2],[3]]', 2],
    ['one prompt in tokens', '[1,2,3]', 1],
    ['one prompt', '"a"', 1],
    ['no prompt', '[]', 1],
  ])('counts every answer to %s', (_name, prompt, prompts) => {
    const worst = worstOf(`{"model":"m","max_tokens":10,"n":3,"prompt":${prompt}}`);
    expect(worst.data.output_tokens).toBe(30 * prompts);
  });

  it('leaves bytes that it does not price alone', () => {
    const body = '{"model":"m","big":12345678901234567890,"s":"\\u00e9é","max_tokens":5000}';
    expect(forwarded(body)).toBe(body.replace('5000', '1000'));
  });

  it('of a call without tokens is its fixed price', () => {
    const price = { kind: 'per-unit' as const, meter: 'requests', usdPerUnit: '0.01' };
    const flat = createTariff(plan([{ key: 'calls', name: 'calls', price }]), meters, 'request');
    const reply = boundCall(flat, { rule: null, body: null, known, ...most });
    expect(reply).toMatchObject({ worst: { priced: { rated: { amountNanoUsd: 10_000_000n } } } });
  });

  it('of a call on a route without tokens is free under token prices, although it names no model', () => {
    const reply = boundCall(tariff, { rule: null, body: null, known, ...most });
    expect(reply).toMatchObject({ worst: { priced: { rated: { amountNanoUsd: 0n } } } });
  });
});

describe('a call that is refused before it is held', () => {
  it.each([
    ['a model without a price', '{"model":"other"}', 'unbounded-call'],
    ['a duplicate priced member', '{"model":"m","model":"other"}', 'bad-request'],
    ['a duplicate by escape', '{"model":"m","mod\\u0065l":"other"}', 'bad-request'],
    ['a priced member in another case', '{"model":"m","Max_Tokens":1}', 'bad-request'],
    ['a request of two shapes', '{"model":"m","input":"hi","messages":[]}', 'unbounded-call'],
    ['a chat that goes on from a response', '{"model":"m","messages":[],"previous_response_id":"r"}', 'unbounded-call'],
    ['a chat with a stored prompt', '{"model":"m","messages":[],"prompt":{"id":"p"}}', 'unbounded-call'],
    ['a cap with a long s', '{"model":"m","max_token\\u017f":9}', 'bad-request'],
    ['a cap with a Kelvin sign', '{"model":"m","max_to\u212aens":9}', 'bad-request'],
    ['an input with a dotless i', '{"model":"m","\u0131nput":"a"}', 'bad-request'],
    ['a cap in full width', '{"model":"m","\uff4dax_tokens":9}', 'bad-request'],
    ['a cap in camel case', '{"model":"m","maxTokens":9}', 'bad-request'],
    ['a cap behind whose name is a NUL', '{"model":"m","max_tokens\\u0000":9}', 'bad-request'],
    ['a cap whose name goes on behind a NUL', '{"model":"m","max_tokens\\u0000x":9}', 'bad-request'],
    ['a list of models', '{"model":["m"]}', 'invalid-input'],
    ['streaming by a number', '{"model":"m","stream":1}', 'invalid-input'],
    ['streaming by a text', '{"model":"m","stream":"true"}', 'invalid-input'],
    ['a duplicate prompt', '{"model":"m","prompt":["a","b"],"prompt":"a"}', 'bad-request'],
    ['text that is not JSON', 'hello', 'bad-request'],
    ['a list', '[]', 'bad-request'],
    ['a cap that is no number', '{"model":"m","max_tokens":"9"}', 'invalid-input'],
    ['a negative number of choices', '{"model":"m","n":-1}', 'invalid-input'],
  ])('%s', (_name, body, slug) => {
    expect(bound(body)).toMatchObject({ kind: 'refused', problem: { slug } });
  });

  it('text that is not UTF-8', () => {
    const body = Buffer.from([0x7b, 0xff, 0x7d]);
    const reply = boundCall(tariff, { rule: openai, body, known, ...most });
    expect(reply).toMatchObject({ problem: { slug: 'unsupported-media-type' } });
  });

  it('a priced field that nothing bounds', () => {
    const price = { kind: 'per-unit' as const, meter: 'pages', usdPerUnit: '0.01' };
    const paged = createTariff(plan([{ key: 'pages', name: 'pages', price }]), meters, 'request');
    const rule: ExtractorRule = { kind: 'json', fields: { pages: '$.pages' } };
    expect(boundCall(paged, { rule, body: null, known, ...most })).toMatchObject({
      problem: { slug: 'unbounded-call' },
    });
  });

  it('a price that no counter can hold', () => {
    const price = { kind: 'per-unit' as const, meter: 'requests', usdPerUnit: '9000000.000000001' };
    const dear = createTariff(plan([{ key: 'calls', name: 'calls', price }]), meters, 'request');
    expect(boundCall(dear, { rule: null, body: null, known, ...most })).toMatchObject({
      problem: { slug: 'unbounded-call' },
    });
  });

  it('all wrong fields are listed', () => {
    const reply = bound('{"model":"m","max_tokens":-1,"n":0}');
    expect(reply).toMatchObject({ problem: { members: { errors: [{ path: 'max_tokens' }, { path: 'n' }] } } });
  });
});

describe('a cap that the budget cannot afford', () => {
  const refusal = (remaining: bigint): NodeRefusal => ({
    kind: 'exhausted',
    node: {
      ...{ node: 'budget:x', period: 'month', periodId: '2026-11', endsAtMs: null },
      ...{ limit: remaining, spent: 0n, held: 0n },
    },
  });
  const amountOf = ({ priced }: WorstCase) => priced.rated.amountNanoUsd;
  const body = '{"model":"m"}';
  const inputNanoUsd = BigInt(body.length * 1_000);

  it('is lowered to the last token that fits', () => {
    const smaller = affordableCap(tariff, worstOf(body), refusal(inputNanoUsd + 2_000n * 77n + 1_999n), amountOf, 1);
    expect(smaller?.cap?.tokensPerChoice).toBe(77);
    expect(smaller && amountOf(smaller)).toBe(inputNanoUsd + 2_000n * 77n);
    expect(smaller && forwardedBody(smaller)?.toString()).toBe('{"max_tokens":77,"model":"m"}');
  });

  it.each([
    ['not even one token fits', body, inputNanoUsd + 1_999n],
    ['the caller named the cap', '{"model":"m","max_tokens":500}', 10_000_000n - 1n],
  ])('is refused when %s', (_name, request, remaining) => {
    expect(affordableCap(tariff, worstOf(request), refusal(remaining), amountOf, 1)).toBeNull();
  });
});
