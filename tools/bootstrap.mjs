#!/usr/bin/env node
// `npm run bootstrap -- --name "Acme" --slug acme --owner owner@acme.example`: the first provider of an empty
// installation. Reads the portal's environment; the owner gets an invitation by mail.
import { parseArgs } from 'node:util';
import { createProvider, inviteMember, openServices, SYSTEM } from '../packages/services/dist/index.js';

const usage = 'usage: npm run bootstrap -- --name "Acme" --slug acme --owner owner@acme.example';
const required = ['DATABASE_URL', 'PORTAL_PUBLIC_URL', 'GATEWAY_PUBLIC_URL', 'TOLLWRIGHT_MASTER_KEY_FILE'];
const options = { name: { type: 'string' }, slug: { type: 'string' }, owner: { type: 'string' } };
const { values } = parseArgs({ options });
if (!values.name || !values.slug || !values.owner) fail(usage);
const missing = required.filter((name) => !process.env[name]);
if (!process.env.SMTP_URL && !process.env.TOLLWRIGHT_MAIL_DIR) missing.push('SMTP_URL');
if (missing.length > 0) fail(`Set the portal's environment first; missing: ${missing.join(', ')}.`);

const services = openServices(servicesConfig(process.env));
try {
  const provider = await createProvider(services.ctx, SYSTEM, { name: values.name, slug: values.slug });
  await inviteMember(services.ctx, SYSTEM, { providerId: provider.id, email: values.owner, role: 'owner' });
  console.log(`Made ${provider.name} (${provider.id}); ${values.owner} is invited by mail as its owner.`);
} catch (error) {
  fail(error.errors ? `${error.message}: ${JSON.stringify(error.errors)}` : error.message);
} finally {
  await services.close();
}

function servicesConfig(env) {
  return {
    databaseUrl: env.DATABASE_URL,
    stateDatabaseUrl: env.STATE_DATABASE_URL ?? env.DATABASE_URL,
    redisUrl: env.REDIS_URL || undefined,
    poolMax: 2,
    masterKeyFile: env.TOLLWRIGHT_MASTER_KEY_FILE,
    egressAllow: [],
    publicUrls: { portalUrl: env.PORTAL_PUBLIC_URL, gatewayUrl: env.GATEWAY_PUBLIC_URL },
    signup: 'invite',
    mail: env.SMTP_URL ? { smtpUrl: env.SMTP_URL } : { directory: env.TOLLWRIGHT_MAIL_DIR },
    mailFrom: env.MAIL_FROM ?? 'Tollwright <no-reply@tollwright.local>',
    onError: (what, error) => console.error(what, error),
  };
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
