import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parseMasterKeys } from '@tollwright/contracts/sealed-secret';
import { closeDb, createDb } from '@tollwright/db';
import { createEgress } from '@tollwright/egress';
import { openState } from '@tollwright/state';
import { StripeClients } from '@tollwright/stripe';
import type { ServiceContext } from './context.ts';
import { createFileMailer } from './mail/file-mailer.ts';
import { createSmtpMailer } from './mail/smtp-mailer.ts';

/** What an app reads from its environment to run services. */
export interface ServicesConfig {
  readonly databaseUrl: string;
  readonly stateDatabaseUrl: string;
  /** The state store's Redis, instead of `stateDatabaseUrl`. */
  readonly redisUrl?: string | undefined;
  readonly poolMax: number;
  readonly masterKeyFile: string;
  /** Loopback `host:port` pairs that guarded requests may reach; none in production. */
  readonly egressAllow: readonly string[];
  /** Where Stripe's API is; its own unless set. */
  readonly stripeUrl?: string | undefined;
  readonly publicUrls: ServiceContext['publicUrls'];
  readonly signup: ServiceContext['signup'];
  /** Either a folder for `.eml` files (local mode) or an SMTP address. */
  readonly mail: { readonly directory: string } | { readonly smtpUrl: string };
  readonly mailFrom: string;
  readonly onError: ServiceContext['onError'];
}

/** Opens everything that verbs need. `close` ends the connections. Throws when the master key file is not usable. */
export function openServices(config: ServicesConfig): { readonly ctx: ServiceContext; close(): Promise<void> } {
  const db = createDb({ connectionString: config.databaseUrl, poolMax: config.poolMax });
  const state = openState({ redisUrl: config.redisUrl, databaseUrl: config.stateDatabaseUrl, poolMax: 4 });
  const egress = createEgress({ allow: [...config.egressAllow] });
  const mailer =
    'directory' in config.mail
      ? createFileMailer({ directory: config.mail.directory, from: config.mailFrom })
      : createSmtpMailer({ url: config.mail.smtpUrl, from: config.mailFrom });
  const ctx: ServiceContext = {
    db,
    state,
    clock: Date.now,
    random: (bytes) => randomBytes(bytes),
    masterKeys: parseMasterKeys(readFileSync(config.masterKeyFile, 'utf8')),
    egress,
    mailer,
    stripe: new StripeClients({ url: config.stripeUrl }),
    publicUrls: config.publicUrls,
    signup: config.signup,
    onError: config.onError,
  };
  const close = async () => {
    await Promise.all([closeDb(db), state.close(), egress.close()]);
  };
  return { ctx, close };
}
