import { join } from 'node:path';
import { BASE, BASE_SEPOLIA } from '../chain/network.ts';
import { TEMPO_CHAIN_ID } from '../chain/tempo/run-tempo.ts';
import { databaseAs, gatewayDir, type Plan } from './plan.ts';

/** The loopback addresses that a guarded request may reach here; elsewhere none may. */
export function egressAllow(plan: Plan): string {
  const { upstream, facilitator, rpc, rpc2, tempo } = plan.urls;
  const opened = [upstream, facilitator, rpc, rpc2, tempo];
  return opened.map((url) => new URL(url).host).join(',');
}

/** What the portal reads. */
export function portalEnv(plan: Plan): Record<string, string> {
  return {
    ...common(plan),
    DATABASE_URL: databaseAs(plan, 'tollwright_portal'),
    STATE_DATABASE_URL: databaseAs(plan, 'tollwright_portal'),
    NEXTAUTH_SECRET: plan.secrets.nextAuthSecret,
    AUTH_TRUST_HOST: 'true',
    TOLLWRIGHT_SIGNUP: 'open',
    NEXT_TELEMETRY_DISABLED: '1',
    PORT: String(plan.ports.portal),
    HOSTNAME: '127.0.0.1',
  };
}

/** What the worker reads. */
export function workerEnv(plan: Plan): Record<string, string> {
  return {
    ...common(plan),
    DATABASE_URL: databaseAs(plan, 'tollwright_worker'),
    STATE_DATABASE_URL: databaseAs(plan, 'tollwright_worker'),
    QUEUE_DATABASE_URL: databaseAs(plan, 'tollwright_queue'),
    HOST: '127.0.0.1',
    PORT: String(plan.ports.worker),
  };
}

/** What a gateway process reads: the state port and its own folder, never the control plane's tables. */
export function gatewayEnv(plan: Plan, name: string, port: number): Record<string, string> {
  return {
    ...common(plan),
    STATE_DATABASE_URL: databaseAs(plan, 'tollwright_gateway'),
    TOLLWRIGHT_GATEWAY_NAME: name,
    // Every call is explained here, as far as there is room.
    TOLLWRIGHT_TRACE_SAMPLE: '1',
    SPOOL_DIR: join(gatewayDir(plan, name), 'spool'),
    SNAPSHOT_DIR: join(gatewayDir(plan, name), 'snapshot'),
    HOST: '127.0.0.1',
    PORT: String(port),
  };
}

function chainRpcUrls({ urls: { rpc, rpc2, tempo } }: Plan): string {
  return [`${BASE_SEPOLIA.network}=${rpc}`, `${BASE.network}=${rpc2}`, `eip155:${TEMPO_CHAIN_ID}=${tempo}`].join(',');
}

function common(plan: Plan): Record<string, string> {
  return {
    ...plan.env.inherited,
    NODE_ENV: plan.env.dev ? 'development' : 'production',
    PORTAL_PUBLIC_URL: plan.urls.portal,
    GATEWAY_PUBLIC_URL: plan.urls.gateway,
    TOLLWRIGHT_MASTER_KEY_FILE: plan.home.masterKeyFile,
    TOLLWRIGHT_MAIL_DIR: plan.home.mailDir,
    TOLLWRIGHT_EGRESS_ALLOW: egressAllow(plan),
    FACILITATOR_URL: plan.urls.facilitator,
    CHAIN_RPC_URLS: chainRpcUrls(plan),
    STRIPE_API_URL: plan.urls.stripe,
  };
}
