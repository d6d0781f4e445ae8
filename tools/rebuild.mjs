#!/usr/bin/env node
// `npm run rebuild`: drops every derived table of local mode and computes it again from the events.
import { build } from './build.mjs';
import { install } from './install.mjs';

install();
await build();
const { rebuild } = await import('../packages/testing/dist/local/rebuild.js');
const { launcherEnv } = await import('../packages/testing/dist/local/env.js');
try {
  process.exitCode = await rebuild(launcherEnv(), process.argv.slice(2));
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
