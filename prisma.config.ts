import { defineConfig } from 'prisma/config';

// `generate` needs no database; every command that does gets DATABASE_URL from its caller.
const url = process.env.DATABASE_URL ?? 'postgresql://unset@127.0.0.1:1/unset';

export default defineConfig({
  schema: 'prisma/schema',
  migrations: { path: 'prisma/migrations' },
  datasource: { url },
});
