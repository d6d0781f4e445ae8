#!/usr/bin/env node
// `npm run test:faults`: attacks the built product with signals, proxies and stores that forget. Builds what it attacks.
import { build } from './build.mjs';
import { install, installPaymentPeers, requireNode } from './install.mjs';
import { requireRedis } from './redis.mjs';

requireNode();
install();
installPaymentPeers();
requireRedis();
const args = process.argv.slice(2);
const names = args.filter((arg) => !arg.startsWith('-'));
const onWholeProduct =
  names.length === 0
    ? !args.some((arg) => arg === '--short' || arg.startsWith('--plant'))
    : names.includes('gateway-kill');
await build(onWholeProduct ? 'build' : '//#compile');
const { tsImport } = await import('tsx/esm/api');
await tsImport('../e2e/faults/main.ts', import.meta.url);
