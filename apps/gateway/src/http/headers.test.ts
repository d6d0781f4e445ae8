import { describe, expect, it } from 'vitest';
import { upstreamHeaders } from './request-headers.ts';
import { responseHeaders } from './response-headers.ts';

const plan = { host: 'up.example', requestId: 'req_1', credential: null, identityEncoding: false };
const namesOf = (flat: readonly string[]) => flat.filter((_, index) => index % 2 === 0);

describe('headers that go upstream', () => {
  it('carry what the caller sent, with our host and request id', () => {
    const raw = ['Host', 'gw', 'Accept', '*/*', 'X-Request-Id', 'theirs', 'X-Custom', 'a', 'X-Custom', 'b'];
    expect(upstreamHeaders(raw, plan)).toEqual([
      ...['host', 'up.example', 'x-request-id', 'req_1', 'accept', '*/*', 'x-custom', 'a', 'x-custom', 'b'],
    ]);
  });

  it.each([
    'Authorization',
    'X-API-Key',
    'Cookie',
    'Payment-Signature',
    'X-Payment',
    'Forwarded',
    'X-Forwarded-For',
    'Transfer-Encoding',
    'TE',
    'Upgrade',
    'Expect',
    'Content-Length',
    'Tollwright-Anything',
    'X-HTTP-Method-Override',
    'X-Original-URL',
    'X-Rewrite-URL',
    'X-Forwarded-User',
    'X-Original-Host',
    'X_Forwarded_For',
    'X_HTTP_Method_Override',
    'X.HTTP.Method.Override',
    'X-Original_URL',
    'Tollwright_Anything',
    'X_API_Key',
    'Transfer_Encoding',
    'Content_Type',
    'Content_Encoding',
  ])('never carry %s', (name) => {
    expect(namesOf(upstreamHeaders([name, 'x'], plan))).toEqual(['host', 'x-request-id']);
  });

  it('leave out what Connection names', () => {
    const raw = ['Connection', 'close, X-Secret', 'X-Secret', '1', 'X-Open', '2'];
    expect(namesOf(upstreamHeaders(raw, plan))).toEqual(['host', 'x-request-id', 'x-open']);
  });

  it('carry the upstream credential in place of any header of that name', () => {
    const credential = { header: 'X-Upstream-Key', value: 'secret' };
    const out = upstreamHeaders(['x-upstream-key', 'forged'], { ...plan, credential });
    expect(out.slice(-2)).toEqual(['X-Upstream-Key', 'secret']);
    expect(out).not.toContain('forged');
  });

  it('carry the upstream credential in place of its name in another spelling', () => {
    const credential = { header: 'X-Upstream_Key', value: 'secret' };
    const raw = ['x_upstream_key', 'forged', 'X-Upstream-Key', 'forged', 'X_Other', 'kept'];
    const out = upstreamHeaders(raw, { ...plan, credential });
    expect(out.slice(4)).toEqual(['x_other', 'kept', 'X-Upstream_Key', 'secret']);
  });

  it('carry a credential in the header of the key that the caller showed', () => {
    const credential = { header: 'x-api-key', value: 'secret' };
    const out = upstreamHeaders(['X-API-Key', 'tw_live_1', 'anthropic-version', '2023-06-01'], { ...plan, credential });
    expect(out.slice(4)).toEqual(['anthropic-version', '2023-06-01', 'x-api-key', 'secret']);
  });

  it('ask metered answers whole and without encoding', () => {
    const raw = ['Accept-Encoding', 'gzip', 'Range', 'bytes=0-0', 'If-Range', '"a"'];
    const out = upstreamHeaders(raw, { ...plan, identityEncoding: true });
    expect(out.slice(4)).toEqual(['accept-encoding', 'identity']);
    expect(upstreamHeaders(raw, plan).slice(4)).toHaveLength(raw.length);
  });
});

describe('headers that come back', () => {
  it('keep what is the answer own', () => {
    expect(responseHeaders({ 'content-type': 'a/b', etag: '"1"', vary: 'accept' })).toEqual([
      ...['content-type', 'a/b', 'etag', '"1"', 'vary', 'accept'],
    ]);
  });

  it('cannot speak about payments, limits or identity, nor set cookies', () => {
    const headers = {
      ...{ 'payment-required': 'x', 'payment-response': 'x', 'x-payment-response': 'x', 'settlement-overrides': 'x' },
      ...{ ratelimit: 'x', 'ratelimit-policy': 'x', 'x-request-id': 'x', 'tollwright-cost-usd': '0' },
      ...{ 'set-cookie': ['a=b'], 'transfer-encoding': 'chunked', 'www-authenticate': 'Payment id="x"' },
      ...{ connection: 'close, x-hop', 'x-hop': '1' },
    };
    expect(responseHeaders(headers)).toEqual([]);
  });
});
