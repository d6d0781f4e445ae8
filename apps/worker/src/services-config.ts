import type { ServicesConfig } from '@tollwright/services';
import type { WorkerEnv } from './env.ts';

/** What the worker opens services with. Throws when no way for mail is set. */
export function servicesConfig(env: WorkerEnv, onError: ServicesConfig['onError']): ServicesConfig {
  return {
    databaseUrl: env.DATABASE_URL,
    stateDatabaseUrl: env.STATE_DATABASE_URL ?? env.DATABASE_URL,
    redisUrl: env.REDIS_URL,
    poolMax: 10,
    masterKeyFile: env.TOLLWRIGHT_MASTER_KEY_FILE,
    egressAllow: env.TOLLWRIGHT_EGRESS_ALLOW,
    stripeUrl: env.STRIPE_API_URL,
    publicUrls: {
      portalUrl: env.PORTAL_PUBLIC_URL.replace(/\/+$/, ''),
      gatewayUrl: env.GATEWAY_PUBLIC_URL.replace(/\/+$/, ''),
    },
    signup: 'closed',
    mail: mailOf(env),
    mailFrom: env.MAIL_FROM,
    onError,
  };
}

function mailOf(env: WorkerEnv): ServicesConfig['mail'] {
  if (env.SMTP_URL !== undefined) return { smtpUrl: env.SMTP_URL };
  if (env.TOLLWRIGHT_MAIL_DIR !== undefined) return { directory: env.TOLLWRIGHT_MAIL_DIR };
  throw new Error('Either SMTP_URL or TOLLWRIGHT_MAIL_DIR must be set.');
}
