import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isProvedDead } from './proof-of-death.ts';
import { createSpoolFolder, readSpoolMeta, socketPath } from './spool-folder.ts';

const spoolId = `spl_${'0'.repeat(26)}`;
let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tw-root-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('spool folder', () => {
  it('vouches for its process as long as it listens, and says whose it is', async () => {
    const folder = await createSpoolFolder(root, spoolId, 'one');
    expect(readSpoolMeta(folder.dir)).toMatchObject({ spoolId, gateway: 'one' });
    expect(await isProvedDead(folder.dir)).toBe(false);
    await new Promise((done) => folder.proof.close(done));
  });

  it('without a socket proves nothing', async () => {
    expect(await isProvedDead(root)).toBe(false);
  });

  it('is refused where the kernel would cut the path of its socket', () => {
    expect(() => socketPath(join(root, 'x'.repeat(120)))).toThrow(RangeError);
  });

  it('is not made twice under one id', async () => {
    const folder = await createSpoolFolder(root, spoolId, 'one');
    await expect(createSpoolFolder(root, spoolId, 'two')).rejects.toThrow();
    await new Promise((done) => folder.proof.close(done));
  });
});
