import { defineConfig } from 'vitest/config';

const conditions = ['@tollwright/source'];
const resolve = { conditions };
const ssr = { resolve: { conditions, externalConditions: conditions } };

/** Unit tests need no service; `services` tests run against a real Postgres that the global setup starts. */
export default defineConfig({
  test: {
    projects: [
      {
        resolve,
        ssr,
        test: {
          name: 'unit',
          include: ['{packages,apps,tools}/**/*.test.{ts,tsx}'],
          exclude: ['**/node_modules/**', '**/dist/**', '**/*.services.test.ts', '**/.next/**'],
        },
      },
      {
        resolve,
        ssr,
        test: {
          name: 'services',
          include: ['{packages,apps}/**/*.services.test.ts'],
          exclude: ['**/node_modules/**', '**/dist/**'],
          globalSetup: ['packages/testing/src/postgres/vitest-setup.ts'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
