import 'server-only';
import { openServices, type ServiceContext } from '@tollwright/services';
import { portalEnv } from '../env.ts';

declare global {
  var tollwrightServices: ServiceContext | undefined;
}

/** The services of this process, opened at the first request. Kept on `globalThis`, since Next bundles routes apart. */
export function services(): ServiceContext {
  globalThis.tollwrightServices ??= open();
  return globalThis.tollwrightServices;
}

function open(): ServiceContext {
  const env = portalEnv();
  const mail = env.SMTP_URL
    ? { smtpUrl: env.SMTP_URL }
    : env.TOLLWRIGHT_MAIL_DIR
      ? { directory: env.TOLLWRIGHT_MAIL_DIR }
      : null;
  if (!mail) throw new Error('Set SMTP_URL, or TOLLWRIGHT_MAIL_DIR in local mode.');
  return openServices({
    databaseUrl: env.DATABASE_URL,
    stateDatabaseUrl: env.STATE_DATABASE_URL ?? env.DATABASE_URL,
    redisUrl: env.REDIS_URL,
    poolMax: 10,
    masterKeyFile: env.TOLLWRIGHT_MASTER_KEY_FILE,
    egressAllow: env.TOLLWRIGHT_EGRESS_ALLOW,
    stripeUrl: env.STRIPE_API_URL,
    publicUrls: { portalUrl: env.PORTAL_PUBLIC_URL, gatewayUrl: env.GATEWAY_PUBLIC_URL },
    signup: env.TOLLWRIGHT_SIGNUP,
    mail,
    mailFrom: env.MAIL_FROM,
    onError: (what, error) => {
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      process.stderr.write(`${JSON.stringify({ level: 'error', what, error: text })}\n`);
    },
  }).ctx;
}
