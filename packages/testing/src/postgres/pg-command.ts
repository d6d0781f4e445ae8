import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { SystemUser } from './system-user.ts';

export interface CommandResult {
  code: number;
  output: string;
}

/** Runs one of PostgreSQL's programs as its user. `detached` programs outlive us, so they get no pipe of ours. */
export function runPg(
  program: 'initdb' | 'pg_ctl',
  args: string[],
  options: { binariesDir: string; user: SystemUser | null; detached?: boolean },
): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(join(options.binariesDir, 'bin', program), args, {
      cwd: '/',
      ...options.user,
      env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
      stdio: options.detached ? 'ignore' : ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    child.stdout?.on('data', (chunk) => {
      output += chunk;
    });
    child.stderr?.on('data', (chunk) => {
      output += chunk;
    });
    child.on('error', (error) => reject(new Error(`PostgreSQL's ${program} cannot run: ${error.message}`)));
    child.on('close', (code) => resolve({ code: code ?? 1, output: output.trim() }));
  });
}
