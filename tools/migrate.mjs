#!/usr/bin/env node
// `npm run migrate`: brings a database up to date and lets the apps in. Run it before the apps of a new release start;
// running it again changes nothing. Local mode runs it at every start.
import { databaseRoles, grantLogins, migrateState } from '../packages/state/dist/index.js';
import { prisma } from './prisma.mjs';

/** `tollwright_portal` gets its password from `TOLLWRIGHT_PORTAL_PASSWORD`, and so on. */
const variableOf = (role) => `${role.toUpperCase()}_PASSWORD`;

const missing = ['DATABASE_URL', ...databaseRoles.map(variableOf)].filter((name) => !process.env[name]);
if (missing.length > 0) fail(`The migration needs ${missing.join(', ')}. DATABASE_URL is the database's owner.`);

const { code, output } = prisma(['migrate', 'deploy'], { stdio: 'pipe' });
if (code !== 0) fail(`The tables could not be migrated:\n${output.trim()}`);
try {
  const applied = await migrateState(process.env.DATABASE_URL);
  await grantLogins(process.env.DATABASE_URL, (role) => process.env[variableOf(role)]);
  console.log(
    `Tables are up to date; state functions applied: ${applied.length > 0 ? applied.join(', ') : 'none new'}`,
  );
  console.log(`Roles that may sign in: ${databaseRoles.join(', ')}`);
} catch (error) {
  fail(error.message);
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
