#!/usr/bin/env node
// `npm test`: everything that can fail, from a bare clone. Its last line is `N passed, N failed`.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { build } from './build.mjs';
import { requireChromium } from './chromium.mjs';
import { install, installPaymentPeers, requireNode, root } from './install.mjs';
import { withProduct } from './product.mjs';
import { requireRedis } from './redis.mjs';

/** Which of many moments the shorter form kills at: the same ones for everybody. `npm run test:faults` draws anew. */
const FAULT_SEED = '998598372';
const reports = join(root, 'reports', 'test');
const tally = { passed: 0, failed: 0 };
/** What failed, by name: a long run is read from its end. */
const failures = [];

requireNode();
install();
installPaymentPeers();
mkdirSync(reports, { recursive: true });
// The tests own every process they use: a product that happens to run on this machine is not tested.
for (const name of ['TOLLWRIGHT_HOME', 'DATABASE_URL', 'REDIS_URL']) delete process.env[name];
const chromium = timed('Chromium', () => found(requireChromium));
timed('Redis', () => found(requireRedis));
await timed('Build', build);
timed('Unit and service tests', () => vitest());
await timed('The running product', () => productTests(chromium));
timed('Faults on a stage', () => stageFaults());
timed('Plants', () => plants());
for (const name of failures) console.log(`FAILED ${name}`);
console.log(`${tally.passed} passed, ${tally.failed} failed`);
process.exit(tally.failed === 0 && tally.passed > 0 ? 0 : 1);

/** Null, and said, when a program is missing: then the tests that need it fail. */
function found(require) {
  try {
    return require();
  } catch (error) {
    console.error(error.message);
    return null;
  }
}

function vitest() {
  const file = join(reports, 'vitest.json');
  rmSync(file, { force: true });
  const args = ['vitest', 'run', '--reporter=dot', '--reporter=json', `--outputFile.json=${file}`];
  const code = execute(args);
  const report = readReport(file);
  count(report?.numPassedTests ?? 0, report?.numFailedTests ?? 0, code);
  for (const { name, status, message, assertionResults } of report?.testResults ?? []) {
    const failed = assertionResults.filter((test) => test.status === 'failed');
    for (const { fullName } of failed) failures.push(`${relative(root, name)} > ${fullName}`);
    if (status === 'failed' && failed.length === 0) failures.push(`${relative(root, name)}: ${message}`);
  }
}

/** One product for the stories, then for the policies and, last, for the faults. */
async function productTests(executablePath) {
  try {
    await withProduct((home) => {
      process.env.TOLLWRIGHT_HOME = home;
      timed('Stories in the browser', () => browserTests(executablePath));
      timed('Policies', () => policies());
      timed('Faults', () => faults());
    });
  } catch (error) {
    console.error(error.message);
    count(0, 1, 1);
  }
}

function browserTests(executablePath) {
  if (executablePath === null) return count(0, 1, 1);
  const file = join(reports, 'playwright.json');
  rmSync(file, { force: true });
  const args = ['playwright', 'test', '-c', 'e2e/playwright.config.ts', '--reporter=line,json'];
  const code = execute(args, { CHROMIUM_PATH: executablePath, PLAYWRIGHT_JSON_OUTPUT_FILE: file });
  const report = readReport(file);
  const { expected = 0, unexpected = 0, flaky = 0 } = report?.stats ?? {};
  count(expected, unexpected + flaky, code);
  for (const suite of report?.suites ?? []) failures.push(...failedSpecs(suite));
}

function failedSpecs({ file, specs = [], suites = [] }) {
  const failed = specs.filter(({ ok }) => !ok).map(({ title }) => `e2e/${file} > ${title}`);
  return [...failed, ...suites.flatMap(failedSpecs)];
}

/** Every scenario counts as one test. */
function policies() {
  const file = join(root, 'reports', 'policies.json');
  rmSync(file, { force: true });
  const code = execute(['tsx', '--conditions=@tollwright/source', 'e2e/policies/main.ts', '--report', file]);
  const played = readReport(file) ?? [];
  const failed = played.filter(({ failure }) => failure !== undefined);
  count(played.length - failed.length, failed.length, code);
  for (const { policy, scenario } of failed) failures.push(`policies: ${policy}: ${scenario}`);
}

function faults() {
  const code = execute(faultCommand('gateway-kill', '--rounds', '2'));
  count(code === 0 ? 1 : 0, 0, code);
}

/** Every scenario that needs no whole product, in its shorter form, on both adapters. */
function stageFaults() {
  const file = join(root, 'reports', 'faults.json');
  rmSync(file, { force: true });
  const code = execute(faultCommand('--short', '--seed', FAULT_SEED));
  const scenarios = readReport(file)?.scenarios ?? [];
  const failed = scenarios.filter(({ ok }) => !ok);
  count(scenarios.length - failed.length, failed.length, code);
  for (const { name, adapter } of failed) failures.push(`faults: ${name} on ${adapter}`);
}

/** Each planted fault has to be found by the figure that is there for it. */
function plants() {
  const file = join(root, 'reports', 'faults-plants.json');
  rmSync(file, { force: true });
  const code = execute(faultCommand('--plant', 'all'));
  const found = readReport(file) ?? [];
  const missed = found.filter(({ shownBy }) => shownBy === null);
  count(found.length - missed.length, missed.length, code);
  for (const { name } of missed) failures.push(`plants: ${name} was not found`);
}

function faultCommand(...args) {
  return ['tsx', '--conditions=@tollwright/source', 'e2e/faults/main.ts', ...args];
}

function execute(args, env = {}) {
  const bin = join(root, 'node_modules', '.bin', args[0]);
  const child = spawnSync(bin, args.slice(1), { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } });
  return child.status ?? 1;
}

/** A run that failed without naming a test counts as one failure. */
function count(passed, failed, code) {
  tally.passed += passed;
  tally.failed += failed === 0 && code !== 0 ? 1 : failed;
}

function readReport(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null;
}

function timed(name, work) {
  console.log(`\n== ${name}`);
  const startedAt = Date.now();
  const done = (result) => {
    console.log(`== ${name}: ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
    return result;
  };
  const result = work();
  return result instanceof Promise ? result.then(done) : done(result);
}
