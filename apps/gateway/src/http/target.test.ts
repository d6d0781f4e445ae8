import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalTarget } from './target.ts';

describe('canonical target', () => {
  it.each([
    ['/', '/', ''],
    ['/acme/llm/weather', '/acme/llm/weather', ''],
    ['/acme/llm/weather?city=S%C3%A3o&x=..%2F', '/acme/llm/weather', '?city=S%C3%A3o&x=..%2F'],
    ['/a/caf%c3%a9', '/a/caf%c3%a9', ''],
    ['/a/b.c/...', '/a/b.c/...', ''],
    ['/a/b:c@d;e=1,2', '/a/b:c@d;e=1,2', ''],
    ['/a?', '/a', '?'],
    ['/a?b?c', '/a', '?b?c'],
  ])('%s passes unchanged', (raw, path, query) => {
    expect(canonicalTarget(raw)).toEqual({ kind: 'canonical', path, query });
  });

  it.each([
    'http://elsewhere/a',
    '*',
    '',
    '/a/../b',
    '/a/..',
    '/a/..;/b',
    '/a/..;x=1/b',
    '/a/.;/b',
    '/a/..;',
    '/./a',
    '/a//b',
    '//a',
    '/a/%2e%2e/b',
    '/a/%2E/b',
    '/a%2fb',
    '/a%2Fb',
    '/a%5cb',
    '/a\\b',
    '/a%00',
    '/a%0d%0a',
    '/a%7f',
    '/a%',
    '/a%4',
    '/a%zz',
    '/a%25',
    '/%70aid',
    '/a%7Eb',
    '/a b',
    '/a\tb',
    '/a#b',
    '/a?b#c',
    '/a?b\\c',
    '/a?b\u0001',
    '/a\u00e9',
    '/a{b}',
    `/${'a'.repeat(8192)}`,
  ])('%j is ambiguous', (raw) => {
    expect(canonicalTarget(raw).kind).toBe('ambiguous');
  });

  it('reads the same to a WHATWG parser: what passes is not normalized by one', () => {
    const raw = fc.string({ unit: fc.constantFrom(...'/ab.%2eE5cf0\\?#;~-_A'.split('')), maxLength: 14 });
    fc.assert(
      fc.property(raw, (text) => {
        const target = canonicalTarget(`/${text}`);
        if (target.kind === 'ambiguous') return;
        const url = new URL(`http://host${target.path}${target.query}`);
        expect(url.pathname).toBe(target.path);
        expect(decodeURIComponent(url.pathname.replace(/%(?=[89a-f])/gi, '%25')).split('/').length).toBe(
          target.path.split('/').length,
        );
      }),
      { numRuns: 5_000 },
    );
  });
});
