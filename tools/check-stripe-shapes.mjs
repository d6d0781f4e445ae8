#!/usr/bin/env node
// Compares the objects of the Stripe double with Stripe's published fixtures (github.com/stripe/openapi, folder openapi):
//   node tools/check-stripe-shapes.mjs <fixtures3.json> [<fixtures3.private_preview.json>] [--write]
// Of two files the first that has a kind decides. --write keeps the published names for the test that has no fixtures.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tsImport } from 'tsx/esm/api';
import { root } from './install.mjs';

const args = process.argv.slice(2);
const paths = args.filter((arg) => arg !== '--write');
if (paths.length === 0 || paths.length > 2) {
  console.error('Give the path of fixtures3.json, and of fixtures3.private_preview.json if you have it.');
  process.exit(2);
}
const { checkAgainstFixtures } = await tsImport('../packages/testing/src/stripe/shapes/check.ts', import.meta.url);
const report = await checkAgainstFixtures(paths.map((path) => JSON.parse(readFileSync(path, 'utf8'))));
for (const problem of report.problems) console.error(problem);
for (const kind of report.unknown) console.error(`${kind}: no fixture`);
const compared = report.kinds.length - report.unknown.length;
console.log(`${compared} kinds compared, ${report.problems.length} differences`);
if (args.includes('--write')) {
  const source =
    'openapi/fixtures3.json, then openapi/fixtures3.private_preview.json, of github.com/stripe/openapi (MIT)';
  const file = join(root, 'packages/testing/src/stripe/shapes/shapes.json');
  writeFileSync(file, `${JSON.stringify({ source, shapes: report.published }, null, 2)}\n`);
}
// Previews are in the second file alone: without it their kinds are not compared.
const isWhole = paths.length === 1 || report.unknown.length === 0;
process.exit(report.problems.length === 0 && compared > 0 && isWhole ? 0 : 1);
