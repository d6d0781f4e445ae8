#!/usr/bin/env node
// `npm run bench`: what a call costs the gateway, beside a bare proxy and the upstream alone. Builds what it times.
import { build } from './build.mjs';
import { install, installPaymentPeers, installPeer, requireNode } from './install.mjs';
import { requireNginx } from './nginx.mjs';
import { requireRedis } from './redis.mjs';

requireNode();
install();
installPeer('bench/peers/rivals');
installPaymentPeers();
requireNginx();
requireRedis();
await build('//#compile');
const { tsImport } = await import('tsx/esm/api');
await tsImport('../bench/main.ts', import.meta.url);
