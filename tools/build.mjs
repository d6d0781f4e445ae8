// Builds everything that changed since the last build, with as little output as possible.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { root } from './install.mjs';

const quiet = { NEXT_TELEMETRY_DISABLED: '1', TURBO_TELEMETRY_DISABLED: '1', TURBO_NO_UPDATE_NOTIFIER: '1' };

/** Resolves when a task of turbo.json is done; its output is shown only when it fails, and then this program ends. */
export async function build(task = 'build') {
  console.log('Building (unchanged parts come from the cache)');
  const startedAt = Date.now();
  const args = ['run', task, '--output-logs=errors-only', '--ui=stream'];
  const { code, output } = await collect(join(root, 'node_modules/.bin/turbo'), args);
  if (code !== 0) {
    console.error(output);
    console.error('The build failed.');
    process.exit(code);
  }
  console.log(`Built in ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
}

function collect(command, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, ...quiet },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const add = (chunk) => {
      output += chunk;
    };
    child.stdout.on('data', add);
    child.stderr.on('data', add);
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}
