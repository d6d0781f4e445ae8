#!/usr/bin/env node
// `npm run report:payment-defects`: makes each known defect of payments happen, here and to the libraries. Builds what it attacks.
import { build } from './build.mjs';
import { install, installPaymentPeers, requireNode } from './install.mjs';

requireNode();
install();
installPaymentPeers();
await build('//#compile');
const { tsImport } = await import('tsx/esm/api');
await tsImport('../e2e/defects/main.ts', import.meta.url);
