import { fuzzEnv, type RecordedCall } from '@tollwright/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EdgeStage, openEdgeStage } from './edge-harness.ts';
import { chunked, mutated, mutation, repaired } from './edge-mutation-harness.ts';
import { type PlainCall, WAYS } from './edge-payment-harness.ts';
import { faultsOfCall, faultsOfPrice } from './edge-verdict-harness.ts';

const { runs, seed } = fuzzEnv();
/** A request that waits for more of itself gets no answer; nobody waits longer for it. */
const PATIENCE_MS = 250;
const SENTINEL = Buffer.from('GET /healthz HTTP/1.1\r\nHost: gateway.test\r\nConnection: close\r\n\r\n');

const BODIES = [
  ['POST', '/v1/chat/completions', '{"model":"toll-small","messages":[{"role":"user","content":"hi"}],"max_tokens":7}'],
  ['POST', '/v1/chat/completions', '{"model":"toll-large","messages":[],"n":2}'],
  ['POST', '/v1/chat/completions', '{"model":"toll-small","messages":[],"max_tokens":9,"stream":true}'],
  ['POST', '/v1/completions', '{"model":"toll-small","prompt":["a","b"],"max_tokens":3}'],
  ['POST', '/v1/responses', '{"model":"toll-small","input":"a","max_output_tokens":4}'],
  ['POST', '/v1/messages', '{"model":"toll-small","messages":[],"max_tokens":5}'],
  ['POST', '/notes', '{"any":"thing"}'],
  ['GET', '/weather?city=Porto', ''],
  ['GET', '/quotes/TOLL', ''],
] as const;

function requestOf({ method, target, body }: PlainCall, number: number, shown: readonly string[]): string {
  const lines = [`${method} /acme/llm${target} HTTP/1.1`, 'Host: gateway.test', ...shown];
  lines.push('Accept: */*', `X-Number: ${number}`);
  if (body !== '') lines.push('Content-Type: application/json', `Content-Length: ${body.length}`);
  return `${lines.join('\r\n')}\r\n\r\n${body}`;
}

const attempt = fc.record({
  base: fc.nat(BODIES.length - 1),
  way: fc.constantFrom(...WAYS),
  mutations: fc.array(mutation, { minLength: 1, maxLength: 4 }),
  /** Whether changes are kept to the body, whether its length is made right, and how it is framed. */
  onlyBody: fc.boolean(),
  repair: fc.boolean(),
  chunks: fc.option(fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 3 }), { nil: null }),
  /** Where the stream of bytes is cut, in thousandths. */
  cuts: fc.array(fc.nat(1_000), { maxLength: 4 }),
});
type Attempt = typeof attempt extends fc.Arbitrary<infer T> ? T : never;

let stage: EdgeStage;
/** What was sent, by number; a call that comes late is still known by its number. */
const sent: string[] = [];
const textBehind = ({ headers }: RecordedCall) => {
  const at = headers.findIndex((name, index) => index % 2 === 0 && name.toLowerCase() === 'x-number');
  return sent[Number(headers[at + 1])] ?? 'a request whose number was changed';
};

beforeAll(async () => {
  stage = await openEdgeStage();
});
afterAll(() => stage?.close());

async function textOf({ base, way, mutations, onlyBody, repair, chunks }: Attempt): Promise<string> {
  const [method, target, body] = BODIES[base] ?? BODIES[0];
  const call = { method, target, body };
  const whole = requestOf(call, sent.length, await stage.caller.linesFor(way, call));
  const start = onlyBody ? whole.indexOf('\r\n\r\n') + 4 : 0;
  const changed = whole.slice(0, start) + mutations.reduce(mutated, whole.slice(start));
  const right = repair ? repaired(changed) : changed;
  return chunks === null ? right : chunked(right, chunks);
}

function piecesOf(text: string, cuts: readonly number[]): Buffer[] {
  const bytes = Buffer.from(text, 'latin1');
  const places = cuts.map((cut) => Math.floor((cut * bytes.length) / 1_000)).sort((a, b) => a - b);
  return [0, ...places].map((from, index) => bytes.subarray(from, places[index])).filter(({ length }) => length > 0);
}

async function attack(one: Attempt): Promise<void> {
  const before = stage.upstream.calls.length;
  const text = await textOf(one);
  sent.push(text);
  const connection = await stage.connect();
  await connection.send(...piecesOf(text, one.cuts), SENTINEL);
  await connection.isClosed(PATIENCE_MS);
  connection.drop();
  const calls = stage.upstream.calls.slice(before);
  // The key is not looked for: a changed name makes its header any other.
  for (const call of calls) {
    const behind = textBehind(call);
    expect([faultsOfCall(call, stage.upstream.url, null), behind]).toEqual([[], behind]);
  }
  expect([stage.gateway.child.exitCode, stage.upstream.strays, text]).toEqual([null, [], text]);
}

describe('valid requests, changed byte by byte', () => {
  it(
    `${runs} of them reach the upstream with one reading, or not at all`,
    () => fc.assert(fc.asyncProperty(attempt, attack), { numRuns: runs, seed, endOnFailure: true }),
    120_000 + runs * PATIENCE_MS,
  );

  it('reached it often enough to mean something', () => {
    expect(stage.upstream.calls.length).toBeGreaterThan(runs / 10);
  });

  it('and each that did was charged what its own bytes cost, once', async () => {
    const { calls, url } = stage.upstream;
    const missing = async () => {
      const events = await stage.events();
      return calls.filter(({ requestId }) => !events.has(requestId)).length;
    };
    await expect.poll(missing).toBe(0);
    const events = await stage.events();
    for (const call of calls) {
      const faults = [...faultsOfCall(call, url, null), ...faultsOfPrice(call, events.get(call.requestId) ?? [])];
      const behind = textBehind(call);
      expect([faults, behind]).toEqual([[], behind]);
    }
    const seen = new Set(calls.map(({ requestId }) => requestId));
    const others = [...events].filter(([requestId]) => !seen.has(requestId)).flatMap(([, unseen]) => unseen);
    expect(others.filter(({ chargedNanoUsd }) => chargedNanoUsd !== 0n)).toEqual([]);
  });

  it('after which the gateway serves a plain call', async () => {
    expect(await stage.plainCall()).toBe(200);
  });
});
