import { BREAKER_DEFAULT } from '@tollwright/contracts';
import { describe, expect, it } from 'vitest';
import { type BreakerChange, withFailover } from './failover.ts';
import type { UpstreamClient, UpstreamExchange, UpstreamFailure, UpstreamRequest, UpstreamSink } from './upstream.ts';

interface Sent {
  readonly request: UpstreamRequest;
  readonly sink: UpstreamSink;
  readonly calls: string[];
}

const options = { ...BREAKER_DEFAULT, failuresInARow: 2, openMs: 2_000 };
const unreachable: UpstreamFailure = { kind: 'failed', phase: 'connect', cause: new Error('refused') };
const base: UpstreamRequest = {
  ...{ origin: 'http://a.test', method: 'POST', target: '/a/x', headers: ['host', 'a.test', 'x-k', 'v'], body: null },
  timeouts: { connectTimeoutMs: 100, firstByteTimeoutMs: 100, idleTimeoutMs: 100, totalTimeoutMs: 1_000 },
  fallbacks: [
    { origin: 'http://b.test', host: 'b.test', target: '/b/x' },
    { origin: 'http://c.test', host: 'c.test', target: '/c/x' },
  ],
  breaker: { owner: 'api_1', options },
};

/** A client that does nothing by itself, on a clock that stands still. */
function stage() {
  const sent: Sent[] = [];
  const changes: BreakerChange[] = [];
  let nowMs = 10_000;
  const inner: UpstreamClient = {
    send(request, sink) {
      const calls: string[] = [];
      sent.push({ request, sink, calls });
      const exchange: UpstreamExchange = {
        pause: () => void calls.push('pause'),
        resume: () => void calls.push('resume'),
        abort() {
          calls.push('abort');
          sink.onFailure({ kind: 'aborted', phase: 'connect', cause: null });
        },
      };
      return exchange;
    },
    close: async () => undefined,
  };
  const client = withFailover(inner, { nowMs: () => nowMs, onChange: (change) => changes.push(change) });
  return {
    ...{ sent, changes, closedForMs: () => client.closedForMs(base) },
    passes(ms: number) {
      nowMs += ms;
    },
    ask(change: Partial<UpstreamRequest> = {}) {
      const heard: unknown[] = [];
      const exchange = client.send(
        { ...base, ...change },
        {
          onHead: (status) => void heard.push(status),
          onData: (chunk) => void heard.push(chunk.toString()),
          onEnd: () => void heard.push('end'),
          onFailure: (failure) => void heard.push(failure),
        },
      );
      return { heard, exchange, sent: sent.at(-1) as Sent };
    },
  };
}
const origins = (sent: readonly Sent[]) => sent.map(({ request }) => request.origin);
const nextTick = () => new Promise((resolve) => process.nextTick(resolve));

describe('failover', () => {
  it('says how long nobody would be asked, without asking: while the breaker of every address is open', () => {
    const { ask, changes, closedForMs, passes } = stage();
    const failsAt = (times: number) => {
      for (let call = 0; call < times; call += 1) ask().sent.sink.onHead(503, {});
    };
    failsAt(4);
    passes(500);
    expect(closedForMs()).toBeNull();
    failsAt(2);
    expect(closedForMs()).toBe(1_500);
    passes(1_500);
    expect(closedForMs()).toBeNull();
    expect(changes.map(({ state }) => state)).toEqual(['open', 'open', 'open']);
  });

  it('goes to the next address, as that address wants it, when no connection could be made', () => {
    const { ask, sent, passes } = stage();
    const { heard } = ask();
    passes(300);
    sent[0]?.sink.onFailure(unreachable);
    expect(sent[1]?.request).toMatchObject({
      ...{ origin: 'http://b.test', target: '/b/x', method: 'POST', headers: ['host', 'b.test', 'x-k', 'v'] },
      timeouts: { totalTimeoutMs: 700 },
    });
    expect(base.headers[1]).toBe('a.test');
    sent[1]?.sink.onFailure({ ...unreachable, kind: 'timeout' });
    sent[2]?.sink.onHead(200, {});
    sent[2]?.sink.onData(Buffer.from('x'));
    sent[2]?.sink.onEnd();
    expect(heard).toEqual([200, 'x', 'end']);
  });

  it.each<[string, UpstreamFailure]>([
    ['a byte may have been written', { kind: 'failed', phase: 'first-byte', cause: null }],
    ['the answer had begun', { kind: 'failed', phase: 'body', cause: null }],
    ['the upstream was too slow', { kind: 'timeout', phase: 'first-byte', cause: null }],
    ['the caller gave up', { kind: 'aborted', phase: 'connect', cause: null }],
    ['the request itself is at fault', { ...unreachable, fault: 'request' }],
  ])('goes nowhere else when %s', (_what, failure) => {
    const { ask, sent } = stage();
    const { heard } = ask();
    sent[0]?.sink.onFailure(failure);
    expect([origins(sent), heard]).toEqual([['http://a.test'], [failure]]);
  });

  it('never answers for an upstream that answered: a 503 is the caller’s', () => {
    const { ask, sent } = stage();
    const { heard } = ask();
    sent[0]?.sink.onHead(503, {});
    sent[0]?.sink.onEnd();
    expect([origins(sent), heard]).toEqual([['http://a.test'], [503, 'end']]);
  });

  it('ends with the last failure, and goes nowhere when its time is over', () => {
    const { ask, sent, passes } = stage();
    const { heard } = ask();
    for (let index = 0; index < 3; index += 1) sent[index]?.sink.onFailure(unreachable);
    expect([sent.length, heard]).toEqual([3, [unreachable]]);
    const late = ask();
    passes(1_000);
    late.sent.sink.onFailure(unreachable);
    expect([sent.length, late.heard]).toEqual([4, [unreachable]]);
  });

  it('passes pause, resume and abort on to where the call is now', () => {
    const { ask, sent } = stage();
    const { exchange, heard } = ask();
    exchange.pause();
    sent[0]?.sink.onFailure(unreachable);
    exchange.resume();
    exchange.abort();
    expect([sent[0]?.calls, sent[1]?.calls]).toEqual([['pause'], ['pause', 'resume', 'abort']]);
    expect(heard).toEqual([{ kind: 'aborted', phase: 'connect', cause: null }]);
  });
});

describe('breakers of addresses', () => {
  it('lead calls past an address that failed often enough, at once', () => {
    const { ask, sent, changes } = stage();
    for (let call = 0; call < 2; call += 1) ask().sent.sink.onFailure({ ...unreachable, phase: 'first-byte' });
    expect(changes).toEqual([{ owner: 'api_1', origin: 'http://a.test', state: 'open' }]);
    ask();
    expect(origins(sent)).toEqual(['http://a.test', 'http://a.test', 'http://b.test']);
  });

  it('fail a call at once when all are open, before anything was written, and say when to come again', async () => {
    const { ask, sent } = stage();
    for (let call = 0; call < 2; call += 1) {
      ask({ fallbacks: [] }).sent.sink.onHead(502, {});
    }
    const { heard } = ask({ fallbacks: [] });
    expect([sent.length, heard]).toEqual([2, []]);
    await nextTick();
    expect(heard).toMatchObject([{ kind: 'failed', phase: 'connect', fault: 'upstream', retryAfterMs: 2_000 }]);
    const aborted = ask({ fallbacks: [] });
    aborted.exchange.abort();
    await nextTick();
    expect(aborted.heard).toMatchObject([{ kind: 'aborted' }]);
  });

  it('let one call through again, whose head closes them', () => {
    const { ask, passes, changes, sent } = stage();
    for (let call = 0; call < 2; call += 1) ask().sent.sink.onHead(504, {});
    passes(2_000);
    const probe = ask();
    const other = ask();
    expect([probe.sent.request.origin, other.sent.request.origin]).toEqual(['http://a.test', 'http://b.test']);
    sent[2]?.sink.onHead(200, {});
    expect(changes.map(({ state }) => state)).toEqual(['open', 'half-open', 'closed']);
    expect(ask().sent.request.origin).toBe('http://a.test');
  });

  it('are an API’s own: another’s failures at the same address change nothing', () => {
    const { ask, sent } = stage();
    for (let call = 0; call < 2; call += 1) ask().sent.sink.onHead(503, {});
    ask({ breaker: { owner: 'api_2', options } });
    expect(origins(sent)).toEqual(['http://a.test', 'http://a.test', 'http://a.test']);
  });

  it.each<[string, (one: ReturnType<ReturnType<typeof stage>['ask']>, passes: (ms: number) => void) => void]>([
    ['gives up', ({ exchange }) => exchange.abort()],
    [
      'breaks its body off',
      ({ sent }) => sent.sink.onFailure({ ...unreachable, phase: 'first-byte', fault: 'request' }),
    ],
    ['sends what makes the upstream answer 500', ({ sent }) => sent.sink.onHead(500, {})],
    ['is limited', ({ sent }) => sent.sink.onHead(429, {})],
    [
      'pays in a way that leaves no time',
      ({ sent }, passes) => {
        passes(1_000);
        sent.sink.onFailure({ kind: 'timeout', phase: 'first-byte', cause: null });
      },
    ],
  ])('are not opened by a caller who %s', (_what, act) => {
    const { ask, changes, passes } = stage();
    const timeouts = { ...base.timeouts, totalIsCallers: true };
    for (let call = 0; call < 5; call += 1) act(ask({ timeouts }), passes);
    expect(changes).toEqual([]);
  });

  it('cost an API nothing that has none: its calls go straight to the client', () => {
    const { ask, sent } = stage();
    const { exchange } = ask({ breaker: null, fallbacks: [] });
    exchange.pause();
    expect(sent[0]?.calls).toEqual(['pause']);
    for (let call = 0; call < 20; call += 1) ask({ breaker: null, fallbacks: [] }).sent.sink.onFailure(unreachable);
    expect(sent).toHaveLength(21);
  });
});
