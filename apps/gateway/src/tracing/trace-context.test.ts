import { describe, expect, it } from 'vitest';
import { remoteContext } from './trace-context.ts';
import { withContext } from './tracing.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';

describe('the context of a caller', () => {
  it('is read with its state and sampling', () => {
    const headers = { traceparent: `00-${TRACE}-${SPAN}-01`, tracestate: 'vendor=1' };
    expect(remoteContext(headers)).toEqual({ traceId: TRACE, spanId: SPAN, flags: 1, state: 'vendor=1' });
    expect(remoteContext({ traceparent: `cc-${TRACE}-${SPAN}-00-later` })).toMatchObject({ flags: 0, state: null });
  });

  it.each([
    ['none', undefined],
    ['another shape', 'hello'],
    ['upper case', `00-${TRACE.toUpperCase()}-${SPAN}-01`],
    ['a trace of zeros', `00-${'0'.repeat(32)}-${SPAN}-01`],
    ['a span of zeros', `00-${TRACE}-${'0'.repeat(16)}-01`],
    ['the version that is none', `ff-${TRACE}-${SPAN}-01`],
    ['more than version 00 has', `00-${TRACE}-${SPAN}-01-more`],
  ])('is nobody`s with %s', (_what, traceparent) => {
    expect(remoteContext(traceparent === undefined ? {} : { traceparent })).toBeNull();
  });

  it('gives way to the call`s own on its way upstream, and stays where there is none', () => {
    const headers = ['host', 'a', 'traceparent', 'theirs', 'tracestate', 'theirs', 'accept', '*/*'];
    const span = { headers: ['traceparent', 'ours'], end: () => undefined };
    expect(withContext([...headers], span)).toEqual(['host', 'a', 'accept', '*/*', 'traceparent', 'ours']);
    expect(withContext(headers, null)).toBe(headers);
  });
});
