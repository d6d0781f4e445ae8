import { randomBytes } from 'node:crypto';
import { copyTemplate, type DatabaseCopy } from './template.ts';

export type FreshDatabase = DatabaseCopy;

/** A migrated, empty database of its own for one test file. Works in the `services` project only. */
export async function freshDatabase(): Promise<FreshDatabase> {
  // Loaded here, since vitest refuses to be imported by the benchmarks that share this package.
  const { inject } = await import('vitest');
  const template = { databaseUrl: inject('databaseUrl'), password: inject('databaseRolePassword') };
  return copyTemplate(template, `test_${randomBytes(6).toString('hex')}`);
}
