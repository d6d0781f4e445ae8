import { describe, expect, it } from 'vitest';
import artifacts from './artifacts.json' with { type: 'json' };
import { compileContracts } from './compile.ts';

describe('contract artifacts', () => {
  it('are what the pinned compiler makes of the sources', () => {
    expect(artifacts).toEqual(compileContracts());
  }, 120_000);
});
