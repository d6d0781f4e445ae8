import { mkdtempSync, rmSync } from 'node:fs';
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nanoUsd } from '@tollwright/core';
import { boundCall, createBudgetPolicy, createTariff } from '@tollwright/policies';
import { type BatchItem, type CounterStore, createBatcher } from '@tollwright/state';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GatewayMetrics } from '../metrics/gateway-metrics.ts';
import { replaySpool } from '../spool/replay.ts';
import { Spool } from '../spool/spool.ts';
import type { UpstreamSink } from '../upstream/upstream.ts';
import { forward } from './forward.ts';
import type { Granted } from './reserve.ts';
import type { Visit } from './visit.ts';

const price = { kind: 'per-unit' as const, meter: 'requests', usdPerUnit: '0.01' };
const tariff = createTariff(
  {
    ...{ planVersionId: 'plv_1', planKey: 'flat', version: 1 },
    terms: {
      ...{ currency: 'usd', billingPeriod: 'month', rateLimit: null, quotas: [], outputTokensMax: 1 },
      rateCards: [{ key: 'calls', name: 'Calls', price }],
      defaultKeyBudget: { limitNanoUsd: nanoUsd(1n), period: 'month' },
    },
  },
  [{ slug: 'requests', eventType: 'request', aggregation: 'COUNT', valueProperty: null, groupBy: {} }],
  'request',
);
const bound = boundCall(tariff, {
  rule: null,
  body: null,
  known: { route: 'weather' },
  bodyBytesMax: 0,
  durationMsMax: 1,
});
if (bound.kind === 'refused') throw new Error(bound.problem.detail);
const node = { node: 'budget:k', kind: 'budget', period: 'month', limit: 10n ** 10n, amount: 10_000_000n };
const granted = {
  ...{ kind: 'granted', tag: 'c:cus_1', windows: [], nodes: [{ node: 'budget:k', periodId: '2026-11' }] },
  call: {
    ...{ tariff, worst: bound.worst, nodes: [node], guard: null, asked: null },
    route: { route: { id: 'rte_1' }, rule: null, known: { route: 'weather' } },
    api: {
      ...{ origin: 'http://upstream.test', host: 'upstream.test', basePath: '', credential: null },
      ...{ fallbacks: [], breaker: null, keyHeaders: new Set<string>(), budget: createBudgetPolicy() },
      snapshot: { providerSlug: 'a', apiSlug: 'b', providerId: 'prv_1', apiId: 'api_1', version: 1, livemode: true },
    },
    principal: {
      key: { keyId: 'key_1', agentId: 'agt_1', projectId: null, budgetNodes: [] },
      customer: { customerId: 'cus_1' },
    },
  },
} as unknown as Granted;

let root: string;
let spool: Spool;
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'tw-'));
  spool = await Spool.open(root, 'one');
});
afterEach(async () => {
  await spool.close();
  spool.folder.proof.close();
  rmSync(root, { recursive: true, force: true });
});

/** What the spool says on disk, without what still waits to be written. */
function onDisk() {
  const { items, interrupted } = replaySpool(spool.folder.dir);
  return { outcomes: items.length, intents: interrupted.length };
}

describe('forwarding a call', () => {
  it('the intent is on disk before the upstream is asked, the outcome before the hold is settled', async () => {
    const seen: Record<string, unknown> = {};
    const sent: BatchItem[] = [];
    const counters: CounterStore = {
      async batch(_seat, items) {
        seen.settled = onDisk();
        sent.push(...items);
        return { kind: 'done', nowMs: 0, replies: items.map(() => ({ kind: 'settled' })) };
      },
      closeSeat: async () => ({ kind: 'closed' }) as const,
      read: async () => [],
      readWindows: async () => [],
      holds: async () => [],
    };
    // A batch may leave at any moment; this one leaves at the first.
    const clock = { nowMs: () => 0, soon: queueMicrotask, later: () => () => undefined };
    const batcher = createBatcher({ counters, spoolId: spool.spoolId, clock });
    const upstream = {
      send(_request: unknown, sink: UpstreamSink) {
        seen.asked = onDisk();
        setImmediate(() => {
          sink.onHead(200, { 'content-type': 'text/plain' });
          sink.onData(Buffer.from('sunny'));
          sink.onEnd();
        });
        return { pause: () => undefined, resume: () => undefined, abort: () => undefined };
      },
    };
    const request = new IncomingMessage(new Socket());
    const visit = {
      gateway: {
        spool,
        batcher,
        upstream,
        metrics: new GatewayMetrics(),
        traceSample: 0,
        name: 'one',
        log: { error: () => undefined },
      },
      ...{ request, response: new ServerResponse(request), requestId: 'req_1', eventId: spool.eventId(1) },
      ...{ method: 'GET', path: '/a/b/weather', query: '', span: null, startedAtMs: 0, startedMark: 0 },
    } as unknown as Visit;
    await forward(visit, granted, { kind: 'none' }, null);
    await batcher.drain();
    expect(sent).toEqual([{ kind: 'settle', callId: spool.eventId(1), charges: { 'budget:k': 10_000_000n } }]);
    expect(seen).toEqual({ asked: { outcomes: 0, intents: 1 }, settled: { outcomes: 1, intents: 0 } });
  });
});
