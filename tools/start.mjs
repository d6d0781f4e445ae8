#!/usr/bin/env node
// `npm start`: installs, builds and runs the whole product on this machine. Uses nothing but Node until npm has run.
import { spawn } from 'node:child_process';
import { build } from './build.mjs';
import { install, requireNode, root } from './install.mjs';

requireNode();
install();
await build();
if (process.argv.includes('--dev')) compileOnChange();
// In this process, so that a signal reaches the launcher itself.
await import('../packages/testing/dist/local/main.js');

function compileOnChange() {
  const tsc = spawn(process.execPath, ['node_modules/typescript/bin/tsc', '-b', '--watch', '--preserveWatchOutput'], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  process.on('exit', () => tsc.kill());
}
