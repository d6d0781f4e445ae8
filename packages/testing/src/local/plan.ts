import { join } from 'node:path';
import type { DatabaseRole } from '@tollwright/state';
import { chainAccounts } from '../chain/accounts.ts';
import { urlAs } from '../postgres/database-url.ts';
import { repositoryRoot } from '../postgres/migrate.ts';
import type { LauncherEnv } from './env.ts';
import type { Home } from './home.ts';
import type { PortPlan } from './port-plan.ts';
import type { Secrets } from './secrets.ts';

/** Everything that is decided before the first child starts: addresses, folders, secrets. */
export interface Plan {
  rootDir: string;
  env: LauncherEnv;
  home: Home;
  ports: PortPlan;
  secrets: Secrets;
  /** The superuser's address of the database. */
  databaseUrl: string;
  urls: {
    portal: string;
    gateway: string;
    gateway2: string;
    worker: string;
    rpc: string;
    rpc2: string;
    tempo: string;
    facilitator: string;
    stripe: string;
    upstream: string;
  };
  accounts: {
    payToAddress: string;
    /** Gives demo payments back. */
    payToPrivateKey: string;
    /** Gives payments back on Tempo, and settles channels there: fees are of the money itself, and payTo is to have all that came. */
    operatorPrivateKey: string;
    agentPrivateKey: string;
    agentAddress: `0x${string}`;
    facilitatorPrivateKey: string;
  };
}

/** Derives the plan from what was chosen. */
export function makePlan(parts: Pick<Plan, 'env' | 'home' | 'ports' | 'secrets' | 'databaseUrl'>): Plan {
  const { ports } = parts;
  return {
    ...parts,
    rootDir: repositoryRoot,
    urls: {
      portal: local(ports.portal),
      gateway: local(ports.gateway),
      gateway2: local(ports.gateway2),
      worker: local(ports.worker),
      rpc: local(ports.chain),
      rpc2: local(ports.chain2),
      tempo: local(ports.tempo),
      facilitator: local(ports.facilitator),
      stripe: local(ports.stripe),
      upstream: local(ports.upstream),
    },
    accounts: pickAccounts(),
  };
}

/** The database, entered as one of the roles. */
export function databaseAs(plan: Plan, role: DatabaseRole): string {
  return urlAs(plan.databaseUrl, role, plan.secrets.rolePasswords[role]);
}

/** The folder of one gateway process. Its spool is its identity, so no two processes share it. */
export function gatewayDir(plan: Plan, name: string): string {
  return join(plan.home.dir, name);
}

function local(port: number): string {
  return `http://127.0.0.1:${port}`;
}

function pickAccounts(): Plan['accounts'] {
  const [facilitator, provider, agent, operator] = chainAccounts();
  if (!facilitator || !provider || !agent || !operator)
    throw new Error('The development phrase gave too few accounts.');
  return {
    payToAddress: provider.address,
    payToPrivateKey: provider.privateKey,
    operatorPrivateKey: operator.privateKey,
    agentPrivateKey: agent.privateKey,
    agentAddress: agent.address,
    facilitatorPrivateKey: facilitator.privateKey,
  };
}
