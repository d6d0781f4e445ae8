#!/usr/bin/env node
// `npm run test:policies`: every policy type, and what an upstream is set to, by REST and felt at the gateway. Builds the product first.
import { build } from './build.mjs';
import { install, requireNode } from './install.mjs';

requireNode();
install();
if (!process.env.TOLLWRIGHT_HOME) await build();
const { tsImport } = await import('tsx/esm/api');
await tsImport('../e2e/policies/main.ts', import.meta.url);
