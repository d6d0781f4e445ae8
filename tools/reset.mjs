#!/usr/bin/env node
// `npm run reset`: forgets everything that local mode stored.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { build } from './build.mjs';
import { install, root } from './install.mjs';

if (!existsSync(join(root, 'packages/testing/dist/local/reset.js'))) {
  install();
  await build();
}
const { reset } = await import('../packages/testing/dist/local/reset.js');
const { launcherEnv } = await import('../packages/testing/dist/local/env.js');
try {
  const removed = await reset(launcherEnv().homeDir);
  console.log(removed.length > 0 ? `Removed:\n  ${removed.join('\n  ')}` : 'There is nothing to remove.');
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
