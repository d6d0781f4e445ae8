// Everything that can be checked without a service, in under a minute. Runs every check, then fails if one failed.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const bin = (name) => join(root, 'node_modules', '.bin', name);

/** What the checks below read. */
const generated = [['database client', [process.execPath, 'tools/prisma.mjs', 'generate']]];

/** Side by side: the tests keep one core busy, the rest another. */
const lanes = [
  [['tests, import rules and tidy', [bin('vitest'), 'run', '--project', 'unit', '--reporter=dot']]],
  [
    ['management client', [bin('tsx'), '--conditions=@tollwright/source', 'e2e/generate.ts']],
    ['format, lint, order of imports', [bin('biome'), 'check', '--error-on-warnings', '.']],
    ['typecheck packages', [bin('tsc'), '-b']],
    ['typecheck tests', [bin('tsc'), '-p', 'tsconfig.check.json']],
    ['typecheck portal', [bin('tsc'), '-p', 'apps/portal', '--noEmit']],
  ],
];

const startedAt = performance.now();
const results = await runInTurn(generated);
for (const done of await Promise.all(lanes.map(runInTurn))) results.push(...done);

console.log('');
for (const { name, ok, seconds } of results) {
  console.log(`${ok ? 'ok    ' : 'FAILED'} ${seconds.toFixed(1).padStart(5)} s  ${name}`);
}
const failed = results.filter((result) => !result.ok).map((result) => result.name);
const verdict = failed.length === 0 ? 'all ok' : `${failed.join(', ')} failed`;
console.log(`\nverify: ${verdict}, ${secondsSince(startedAt).toFixed(1)} s`);
process.exit(failed.length === 0 ? 0 : 1);

async function runInTurn(checks) {
  const done = [];
  for (const check of checks) done.push(await run(check));
  return done;
}

/** Runs one check and prints what it said as one piece, once it has ended. */
function run([name, [command, ...args]]) {
  const from = performance.now();
  const env = process.stdout.isTTY ? { FORCE_COLOR: '1', ...process.env } : process.env;
  const child = spawn(command, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const output = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => output.push(chunk));
  return new Promise((resolve) => {
    const end = (ok) => {
      process.stdout.write(`\n== ${name}\n${Buffer.concat(output).toString('utf8').trimEnd()}\n`);
      resolve({ name, ok, seconds: secondsSince(from) });
    };
    child.once('error', (error) => {
      output.push(Buffer.from(`${error.message}\n`));
      end(false);
    });
    child.once('close', (status) => end(status === 0));
  });
}

function secondsSince(mark) {
  return (performance.now() - mark) / 1000;
}
