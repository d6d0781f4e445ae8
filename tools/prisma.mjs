#!/usr/bin/env node
// Runs the Prisma CLI. Where no native schema engine was downloaded, the CLI is pointed at tools/schema-engine.mjs.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const shim = join(root, 'tools', 'schema-engine.mjs');

/** The environment in which the Prisma CLI finds an engine. An engine chosen by the caller is kept. */
export function prismaEnv(env = process.env) {
  const quiet = { ...env, CHECKPOINT_DISABLE: '1', PRISMA_HIDE_UPDATE_MESSAGE: '1' };
  if (env.PRISMA_SCHEMA_ENGINE_BINARY || hasNativeEngine()) return quiet;
  return { ...quiet, PRISMA_SCHEMA_ENGINE_BINARY: shim };
}

function hasNativeEngine() {
  const folder = dirname(require.resolve('@prisma/engines/package.json'));
  return readdirSync(folder).some((name) => name.startsWith('schema-engine-'));
}

/** Runs one Prisma command from the repository's root; answers its exit code and output. */
export function prisma(args, { env = process.env, stdio = 'inherit' } = {}) {
  const cli = join(dirname(require.resolve('prisma/package.json')), 'build', 'index.js');
  const run = spawnSync(process.execPath, [cli, ...args], { cwd: root, env: prismaEnv(env), stdio, encoding: 'utf8' });
  return { code: run.status ?? 1, output: `${run.stdout ?? ''}${run.stderr ?? ''}` };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exit(prisma(process.argv.slice(2)).code);
