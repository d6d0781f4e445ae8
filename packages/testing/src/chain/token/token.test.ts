import { describe, expect, it } from 'vitest';
import { compileToken } from './compile.ts';
import artifact from './token.artifact.json' with { type: 'json' };

describe('token artifact', () => {
  it('is what the pinned compiler makes of Token.sol', () => {
    expect(artifact).toEqual(compileToken());
  }, 120_000);
});
