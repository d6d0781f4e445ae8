import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createSpoolProbe } from './spool-probe.ts';

describe('the probe of a spool', () => {
  it('says nothing of a folder that takes records, and leaves nothing there', () => {
    const dir = mkdtempSync(join(tmpdir(), 'tw-'));
    expect(createSpoolProbe(dir).problem(0)).toBeNull();
    expect(readdirSync(dir)).toEqual([]);
    rmSync(dir, { recursive: true });
  });

  it('names what is wrong, and looks again a second later', () => {
    const dir = mkdtempSync(join(tmpdir(), 'tw-'));
    const probe = createSpoolProbe(join(dir, 'later'));
    expect(probe.problem(0)).toBe('ENOENT');
    mkdirSync(join(dir, 'later'));
    expect(probe.problem(999)).toBe('ENOENT');
    expect(probe.problem(1_000)).toBeNull();
    rmSync(dir, { recursive: true });
  });

  it('a disk that is nearly full is not written to until it is', () => {
    const probe = createSpoolProbe(tmpdir(), Number.MAX_SAFE_INTEGER);
    expect(probe.problem(0)).toMatch(/^only \d+ bytes are free/);
  });
});
