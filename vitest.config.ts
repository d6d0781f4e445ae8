import { defineConfig } from 'vitest/config';

const conditions = ['@tollwright/source'];
const resolve = { conditions };
const ssr = { resolve: { conditions, externalConditions: conditions } };

/**
 * Unit tests need no service, and share the modules of a worker: nothing of theirs is mocked, and loading the modules anew
 * for each file would take most of their time. `services` tests run against a real Postgres that the global setup
 * starts.
 */
export default defineConfig({
  test: {
    projects: [
      {
        resolve,
        ssr,
        test: {
          name: 'unit',
          provide: { schedules: Number(process.env.TOLLWRIGHT_SCHEDULES ?? 0) },
          isolate: false,
          expect: { poll: { timeout: 10_000 } },
          testTimeout: 60_000,
          hookTimeout: 60_000,
          include: ['{packages,apps,tools}/**/*.test.{ts,tsx}'],
          exclude: ['**/node_modules/**', '**/dist/**', '**/*.services.test.ts', '**/.next/**'],
        },
      },
      {
        resolve,
        ssr,
        test: {
          name: 'services',
          maxWorkers: 2,
          // After the unit tests: projects of one group have to share their number of workers.
          sequence: { groupOrder: 1 },
          include: ['{packages,apps}/**/*.services.test.ts'],
          exclude: ['**/node_modules/**', '**/dist/**'],
          // What is polled for comes from other processes; on a busy machine a second is short.
          expect: { poll: { timeout: 20_000 } },
          globalSetup: ['packages/testing/src/postgres/vitest-setup.ts'],
          // A busy machine starts a process in a quarter of a minute, and some tests start four.
          testTimeout: 120_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
