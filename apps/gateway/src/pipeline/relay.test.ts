import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { SnapshotPlan } from '@tollwright/contracts';
import { nanoUsd } from '@tollwright/core';
import { boundCall, createTariff } from '@tollwright/policies';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { loadTokenCounter } from '../meter/token-counter.ts';
import type { EventTail } from '../spool/record.ts';
import type { UpstreamSink } from '../upstream/upstream.ts';
import { Relay } from './relay.ts';
import type { Granted } from './reserve.ts';
import type { Visit } from './visit.ts';

const plan: SnapshotPlan = {
  ...{ planVersionId: 'plv_1', planKey: 'pro', version: 1 },
  terms: {
    ...{ currency: 'usd', billingPeriod: 'month', rateLimit: null, outputTokensMax: 10 },
    quotas: [{ featureKey: 'out', meters: ['output_tokens'], limit: 500n, period: 'day', onExhausted: 'reject' }],
    rateCards: [],
    policies: [],
    prepaid: null,
    defaultKeyBudget: { limitNanoUsd: nanoUsd(1n), period: 'month' },
  },
};
const meter = {
  ...{ slug: 'output_tokens', eventType: 'request', aggregation: 'SUM' as const, valueProperty: '$.output_tokens' },
  groupBy: {},
};
const tariff = createTariff(plan, [meter], 'request');
const rule = { kind: 'openai' as const };
const body = Buffer.from('{"model":"m","stream":true,"messages":[]}');
const bound = boundCall(tariff, { rule, body, known: { route: 'chat' }, bodyBytesMax: 1_000, durationMsMax: 1_000 });
if (bound.kind === 'refused') throw new Error(bound.problem.detail);

/** A call that holds ten tokens of a quota, and no money. */
const granted = {
  ...{ kind: 'granted', tag: 'c:1', windows: [], nodes: [{ node: 'quota:out', periodId: '2026-11-26' }] },
  call: {
    ...{ tariff, worst: bound.worst, route: { rule, known: { route: 'chat' } }, guard: null, asked: null },
    nodes: [{ node: 'quota:out', kind: 'quota', period: 'day', limit: 500n, amount: 10n }],
  },
} as unknown as Granted;

let server: Server | undefined;
beforeAll(async () => {
  await loadTokenCounter();
});
afterEach(() => server?.close());

/** What a caller gets and what is recorded when an upstream sends these chunks. */
async function relayed(headers: Record<string, string>, chunks: readonly string[]) {
  const tails: EventTail[] = [];
  let aborted = false;
  server = createServer((request, response) => {
    const gateway = { portalUrl: 'http://portal.test', spool: { progress: () => undefined }, log: console };
    const visit = {
      ...{ gateway, request, response, requestId: 'req_1', eventId: 'spl_1-1', method: 'POST', path: '/a/b/chat' },
      ...{ query: '', startedAtMs: Date.now(), startedMark: performance.now() },
    } as unknown as Visit;
    const relay = new Relay(visit, granted, [], { bytes: body, bytesIn: () => body.length }, (tail, answered) => {
      tails.push(tail);
      answered();
    });
    relay.start((sink: UpstreamSink) => {
      setImmediate(() => {
        sink.onHead(200, headers);
        for (const chunk of chunks) if (!aborted) sink.onData(Buffer.from(chunk));
        if (!aborted) sink.onEnd();
      });
      return {
        pause: () => undefined,
        resume: () => undefined,
        abort: () => {
          aborted = true;
          sink.onFailure({ kind: 'aborted', phase: 'body', cause: null });
        },
      };
    });
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  return { response, text: await response.text(), tails, aborted };
}

const line = (document: unknown) => `data: ${JSON.stringify(document)}\n\n`;
const word = line({ choices: [{ index: 0, delta: { content: ' road' } }] });
const usage = line({ choices: [], usage: { prompt_tokens: 1, completion_tokens: 2 } });

describe('a stream on its way to the caller', () => {
  it('has the length of what the caller gets, not of what the upstream sent', async () => {
    const sent = [word, usage];
    const headers = { 'content-type': 'text/event-stream', 'content-length': String(sent.join('').length) };
    const { response, text, tails } = await relayed(headers, sent);
    expect([response.headers.get('content-length'), text]).toEqual([null, word]);
    expect(tails).toMatchObject([{ bytesOut: word.length, estimated: false, data: { output_tokens: 2 } }]);
  });

  it('that runs out of a quota ends with quota-exhausted, after a whole event, and once', async () => {
    const halves = Array.from({ length: 100 }, () => [word.slice(0, 20), word.slice(20)]).flat();
    const { text, tails, aborted } = await relayed({ 'content-type': 'text/event-stream' }, halves);
    const [events, error = ''] = text.split('event: error\n');
    expect(events).toBe(word.repeat((events ?? '').length / word.length));
    expect(JSON.parse(error.replace('data: ', ''))).toMatchObject({
      ...{ type: 'http://portal.test/problems/quota-exhausted', requestId: 'req_1', chargedNanoUsd: '0' },
      error: { code: 'quota-exhausted' },
    });
    expect([aborted, tails.length]).toEqual([true, 1]);
    expect(tails[0]?.charges).toEqual([{ node: 'quota:out', periodId: '2026-11-26', amount: 10n }]);
  });
});
