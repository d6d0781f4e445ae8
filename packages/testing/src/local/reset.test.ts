import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openHome, writeJson } from './home.ts';
import { identify } from './process-identity.ts';
import { reset } from './reset.ts';

describe('reset', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'reset-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('removes the state and the folder with it', async () => {
    const home = openHome(folder);
    writeJson(home.seedFile, {});
    mkdirSync(join(folder, 'gateway-1'));
    expect(await reset(folder)).toContain(home.masterKeyFile);
    expect(existsSync(folder)).toBe(false);
  });

  it('keeps what somebody else put there', async () => {
    openHome(folder);
    writeFileSync(join(folder, 'notes.txt'), 'mine');
    await reset(folder);
    expect(readdirSync(folder)).toEqual(['notes.txt']);
  });

  it('refuses while Tollwright runs on it', async () => {
    const home = openHome(folder);
    const launcher = identify(process.ppid);
    writeJson(home.processesFile, { launcher, children: [] });
    await expect(reset(folder)).rejects.toThrow(/already runs/);
    expect(existsSync(home.masterKeyFile)).toBe(true);
  });

  it('touches no folder that is not ours', async () => {
    mkdirSync(join(folder, 'logs'));
    expect(await reset(folder)).toEqual([]);
    expect(readdirSync(folder)).toEqual(['logs']);
  });
});
