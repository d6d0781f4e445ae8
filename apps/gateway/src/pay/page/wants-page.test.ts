import { describe, expect, it } from 'vitest';
import { wantsPage } from './wants-page.ts';

const CHROMIUM = 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8';

describe('a page is for', () => {
  it.each([
    ['a browser that opens an address', 'GET', CHROMIUM, true],
    ['a browser that asks for the head', 'HEAD', CHROMIUM, true],
    ['a form, whose answer nobody may load again', 'POST', CHROMIUM, false],
    ['clients of agents', 'GET', '*/*', false],
    ['who says nothing', 'GET', undefined, false],
    ['who wants JSON', 'GET', 'application/json', false],
    ['who likes JSON as much', 'GET', 'application/json, text/html', false],
    ['who likes pages more', 'GET', 'application/problem+json;q=0.5, text/html;q=0.6', true],
    ['who refuses pages', 'GET', 'text/html;q=0, */*', false],
    ['who writes nonsense', 'GET', 'text/html;q=x', false],
    ['who writes too much', 'GET', `text/html,${'a/b,'.repeat(1_000)}`, false],
  ])('%s: %s %s', (_who, method, accept, expected) => {
    expect(wantsPage(method, accept)).toBe(expected);
  });
});
