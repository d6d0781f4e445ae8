import { type Actor, openServices, type ServiceContext } from '@tollwright/services';
import { openState, type StatePort } from '@tollwright/state';
import type { SeedEnv } from './env.ts';

/** The demo began so long ago: a week of usage fits between then and now. */
export const DEMO_AGE_MS = 8 * 86_400_000;

/** What every step of the seed works with. */
export interface SeedContext {
  readonly env: SeedEnv;
  /** Services whose clock shows the day on which the demo began. */
  readonly services: ServiceContext;
  /** The state port with a gateway's rights. */
  readonly gateway: StatePort;
  readonly say: (line: string) => void;
}

/** The demo provider and who acts for it. */
export interface Acme {
  readonly providerId: string;
  readonly actor: Actor;
  /** When it was made; history is a function of it. */
  readonly createdAtMs: number;
}

/** Opens services as the portal does. */
export function openSeed(env: SeedEnv, say: (line: string) => void): { ctx: SeedContext; close(): Promise<void> } {
  const opened = openServices({
    databaseUrl: env.portalDatabaseUrl,
    stateDatabaseUrl: env.portalDatabaseUrl,
    redisUrl: env.redisUrl,
    poolMax: 10,
    masterKeyFile: env.masterKeyFile,
    egressAllow: env.egressAllow,
    publicUrls: { portalUrl: env.portalUrl, gatewayUrl: env.gatewayUrls[0] ?? '' },
    signup: 'open',
    mail: { directory: env.mailDir },
    mailFrom: 'Tollwright <no-reply@tollwright.test>',
    onError: (what, error) => say(`${what}: ${String(error)}`),
  });
  const gateway = openState({ redisUrl: env.redisUrl, databaseUrl: env.ownerDatabaseUrl, poolMax: 2 });
  const services = { ...opened.ctx, clock: () => Date.now() - DEMO_AGE_MS };
  const close = async () => {
    await Promise.all([opened.close(), gateway.close()]);
  };
  return { ctx: { env, services, gateway, say }, close };
}
