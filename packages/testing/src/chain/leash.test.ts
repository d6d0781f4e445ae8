import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { spawnLeashed } from './leash.ts';

const isAlive = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

describe('leash', () => {
  it('notices an end, and ends what runs', async () => {
    const short = spawnLeashed('/bin/sh', ['-c', 'exit 3']);
    await expect.poll(() => short.ended()).toBe(true);
    const long = spawnLeashed('/bin/sleep', ['60']);
    expect(long.ended()).toBe(false);
    await long.stop();
    expect(long.ended()).toBe(true);
  });

  it('ends the program after SIGKILL of its owner', async () => {
    const leash = fileURLToPath(new URL('./leash.ts', import.meta.url));
    const code = `import { spawnLeashed } from ${JSON.stringify(leash)};
      spawnLeashed('/bin/sh', ['-c', 'echo $$ >&2; exec sleep 60']);`;
    const args = ['--import', 'tsx', '--input-type=module', '-e', code];
    const owner = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    const [line] = (await once(owner.stderr, 'data')) as [Buffer];
    const pid = Number(line.toString().trim());
    expect(isAlive(pid)).toBe(true);
    owner.kill('SIGKILL');
    await expect.poll(() => isAlive(pid)).toBe(false);
  }, 15_000);
});
