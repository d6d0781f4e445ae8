import { defineConfig } from '@playwright/test';

// Without a graphics card an emulated one paints slowly and, on a busy machine, paints parts twice.
const chromiumArgs = [
  '--disable-gpu',
  '--no-sandbox',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];
const executablePath = process.env.CHROMIUM_PATH;

/** One worker: the stories share one product, hold its upstream back and measure milliseconds. */
export default defineConfig({
  testDir: '.',
  outputDir: '../reports/test/artifacts',
  workers: 1,
  retries: 0,
  forbidOnly: true,
  timeout: 120_000,
  // Who waits for what another process writes waits as long as a busy machine takes.
  expect: { timeout: 30_000 },
  reporter: 'list',
  use: {
    trace: 'retain-on-failure',
    launchOptions: { args: chromiumArgs, ...(executablePath === undefined ? {} : { executablePath }) },
  },
  projects: [
    { name: 'clients', testMatch: '*.spec.ts', testIgnore: ['browser/**', 'screenshots/**'] },
    // A story of many pages takes most of a minute; a busy machine takes several.
    { name: 'browser', testMatch: 'browser/*.spec.ts', timeout: 480_000 },
  ],
});
