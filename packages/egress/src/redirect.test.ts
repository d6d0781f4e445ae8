import { describe, expect, it } from 'vitest';
import { EgressRefused } from './egress-error.ts';
import { follow, type Hop, isRedirect } from './redirect.ts';

const post: Hop = {
  url: new URL('https://a.example/start'),
  method: 'POST',
  headers: { accept: 'application/json', 'content-type': 'text/plain', 'x-vendor-secret': 's' },
  body: 'hello',
};
const get: Hop = { ...post, method: 'GET', body: null };

describe('follow', () => {
  it('keeps every header within the origin', () => {
    expect(follow(get, 302, '/next#part')).toEqual({ ...get, url: new URL('https://a.example/next') });
  });

  it('tells another origin nothing but content negotiation', () => {
    expect(follow(get, 307, 'https://b.example/').headers).toEqual({
      accept: 'application/json',
      'content-type': 'text/plain',
    });
  });

  it.each([301, 302, 303])('turns a POST into a GET without body at %i', (status) => {
    const next = follow(post, status, '/next');
    expect([next.method, next.body, next.headers['content-type']]).toEqual(['GET', null, undefined]);
  });

  it.each([307, 308])('repeats a POST at %i within the origin', (status) => {
    expect(follow(post, status, '/next')).toMatchObject({ method: 'POST', body: 'hello' });
  });

  it('refuses to carry a body to another origin', () => {
    expect(() => follow(post, 307, 'https://b.example/')).toThrow(EgressRefused);
  });

  it.each([
    ['http://a.example/', 'redirect-downgrade'],
    ['file:///etc/passwd', 'scheme'],
    ['https://user:secret@a.example/', 'credentials-in-url'],
    ['https://[bad', 'redirect-invalid'],
  ])('refuses %s as %s', (location, reason) => {
    expect(() => follow(get, 302, location)).toThrow(expect.objectContaining({ reason }));
  });
});

describe('isRedirect', () => {
  it.each([
    [301, '/x', true],
    [308, '/x', true],
    [304, '/x', false],
    [200, '/x', false],
    [302, undefined, false],
  ])('%i to %s: %s', (status, location, expected) => {
    expect(isRedirect(status, location)).toBe(expected);
  });
});
