import { describe, expect, it } from 'vitest';
import { slugOf } from './slug-of.ts';

describe('slugOf', () => {
  it.each([
    ['Acme AI, Inc.', 'acme-ai-inc'],
    ['Müller & Söhne', 'muller-sohne'],
    ['42 Labs', 'labs'],
    ['  ', ''],
  ])('%j becomes %j', (name, slug) => {
    expect(slugOf(name)).toBe(slug);
  });
});
