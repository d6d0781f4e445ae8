// Everything that can be checked without a service, in under a minute. Runs every group, then fails if one failed.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const bin = (name) => join(root, 'node_modules', '.bin', name);

const groups = [
  ['format', [bin('biome'), 'format', '.']],
  ['lint', [bin('biome'), 'lint', '--error-on-warnings', '.']],
  ['database client', [process.execPath, 'tools/prisma.mjs', 'generate']],
  ['management client', [bin('tsx'), '--conditions=@tollwright/source', 'e2e/generate.ts']],
  ['typecheck packages', [bin('tsc'), '-b']],
  ['typecheck tests', [bin('tsc'), '-p', 'tsconfig.check.json']],
  ['typecheck portal', [bin('tsc'), '-p', 'apps/portal', '--noEmit']],
  ['import rules and tidy', [bin('vitest'), 'run', '--project', 'unit', 'tools', '--reporter=dot']],
  ['unit tests', [bin('vitest'), 'run', '--project', 'unit', 'packages', 'apps', '--reporter=dot']],
];

const results = groups.map(([name, [command, ...args]]) => {
  console.log(`\n== ${name}`);
  const startedAt = performance.now();
  const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit' });
  return { name, ok: status === 0, seconds: (performance.now() - startedAt) / 1000 };
});

console.log('');
for (const { name, ok, seconds } of results) {
  console.log(`${ok ? 'ok    ' : 'FAILED'} ${seconds.toFixed(1).padStart(5)} s  ${name}`);
}
const total = results.reduce((sum, result) => sum + result.seconds, 0);
const firstFailure = results.find((result) => !result.ok);
console.log(`\n${firstFailure ? `verify: ${firstFailure.name} failed` : 'verify: all ok'}, ${total.toFixed(1)} s`);
process.exit(firstFailure ? 1 : 0);
