import { beforeAll, describe, expect, it } from 'vitest';
import { loadedTokenCounter, loadTokenCounter } from './token-counter.ts';

beforeAll(async () => {
  await loadTokenCounter();
});
const tokens = (text: string) => loadedTokenCounter()?.(text) ?? Number.NaN;

describe('the tokenizer', () => {
  it.each([
    ['', 0],
    ['hello', 1],
    ['The road goes on', 4],
    ['tokenization', 2],
  ])('counts %j as %i tokens', (text, count) => expect(tokens(text)).toBe(count));

  it('takes the names of special tokens for text', () => {
    expect(tokens('<|endoftext|>')).toBeGreaterThan(1);
  });

  it.each([
    ['letters', 'a'.repeat(32_768)],
    ['spaces', ' '.repeat(32_768)],
    ['ideographs', '日本語'.repeat(10_922)],
    ['line breaks', '\n'.repeat(32_768)],
  ])('counts a run of %s in bounded time', (_what, text) => {
    const startedMs = performance.now();
    expect(tokens(text)).toBeGreaterThan(0);
    expect(performance.now() - startedMs).toBeLessThan(1_000);
  });
});
