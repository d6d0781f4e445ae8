#!/usr/bin/env node
// `npm run screenshots`: pictures of every page, with what axe, the console and the network said about it.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { build } from './build.mjs';
import { requireChromium } from './chromium.mjs';
import { install, requireNode, root } from './install.mjs';
import { withProduct } from './product.mjs';

requireNode();
install();
const CHROMIUM_PATH = requireChromium();
await build();
process.exitCode = await withProduct((home) => {
  const args = ['--conditions=@tollwright/source', 'e2e/screenshots/main.ts', ...process.argv.slice(2)];
  const env = { ...process.env, TOLLWRIGHT_HOME: home, CHROMIUM_PATH };
  const child = spawnSync(join(root, 'node_modules/.bin/tsx'), args, { cwd: root, stdio: 'inherit', env });
  return child.status ?? 1;
});
