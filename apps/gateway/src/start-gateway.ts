import { readFileSync } from 'node:fs';
import { openSecret, parseMasterKeys } from '@tollwright/contracts/sealed-secret';
import { createEgress } from '@tollwright/egress';
import { createX402Rail, type X402Rail } from '@tollwright/payments';
import { createThresholds } from '@tollwright/policies';
import { createBatcher, createPostgresState, type StatePort } from '@tollwright/state';
import type { Logger } from 'pino';
import { drain } from './drain.ts';
import type { Env } from './env.ts';
import { serveHealth } from './health/health.ts';
import { listen } from './http/server.ts';
import { PrincipalCache } from './identify/principal-cache.ts';
import { countProcesses } from './limits/count-processes.ts';
import { ShareLimits } from './limits/share-limits.ts';
import { SlotLimits } from './limits/slot-limits.ts';
import { createLog } from './log.ts';
import type { Gateway } from './pipeline/gateway.ts';
import { serve } from './pipeline/serve.ts';
import { SnapshotDisk } from './snapshot/disk-copy.ts';
import { ApiRegistry } from './snapshot/registry.ts';
import { SnapshotSource } from './snapshot/source.ts';
import { Shipper } from './spool/shipper.ts';
import { Spool } from './spool/spool.ts';
import { Successor } from './spool/takeover.ts';
import { createUndiciClient } from './upstream/undici-client.ts';

const REGISTER_AGAIN_MS = 500;

/** A running gateway. `stop` finishes running calls, ships the spool and ends. */
export interface RunningGateway {
  readonly port: number;
  readonly spoolId: string;
  stop(): Promise<void>;
}

/** Wires a gateway together and starts it. */
export async function startGateway(env: Env, onSuperseded: () => void): Promise<RunningGateway> {
  const log = createLog(env.TOLLWRIGHT_GATEWAY_NAME, env.LOG_LEVEL);
  const state = createPostgresState({ connectionString: env.STATE_DATABASE_URL });
  const spool = await Spool.open(env.SPOOL_DIR, env.TOLLWRIGHT_GATEWAY_NAME);
  const gateway = wire(env, log, state, spool, onSuperseded);
  await gateway.source.start();
  const { server, port } = await listen({ host: env.HOST, port: env.PORT }, (request, response) => {
    if (!serveHealth(gateway, request, response)) void serve(gateway, request, response);
  });
  const shipper = new Shipper(spool, state.inbox, log);
  const successor = new Successor({ root: env.SPOOL_DIR, spool, state, log });
  const registering = register(gateway, env.GATEWAY_PUBLIC_URL, () => {
    shipper.start();
    successor.start();
    countProcesses(gateway);
  });
  log.info({ port, spool: spool.spoolId, apis: gateway.registry.size }, 'gateway is listening');
  return {
    port,
    spoolId: spool.spoolId,
    stop: () => drain({ gateway, server, shipper, successor, registering }),
  };
}

function wire(env: Env, log: Logger, state: StatePort, spool: Spool, onSuperseded: () => void): Gateway {
  const masterKeys = parseMasterKeys(readFileSync(env.TOLLWRIGHT_MASTER_KEY_FILE, 'utf8'));
  const registry = new ApiRegistry();
  const principals = new PrincipalCache(state.directory);
  const source = new SnapshotSource({
    directory: state.directory,
    registry,
    disk: new SnapshotDisk(env.SNAPSHOT_DIR),
    openCredential: (tenant, apiId, sealed) =>
      openSecret(masterKeys, { tenant, target: `api:${apiId}:upstream` }, sealed),
    onCustomerChange: (customerId) => principals.invalidate(customerId),
    log,
  });
  return {
    name: env.TOLLWRIGHT_GATEWAY_NAME,
    gatewayUrl: env.GATEWAY_PUBLIC_URL,
    portalUrl: env.PORTAL_PUBLIC_URL,
    registry,
    source,
    principals,
    state,
    batcher: createBatcher({ counters: state.counters, spoolId: spool.spoolId }),
    spool,
    upstream: createUndiciClient({ allow: env.TOLLWRIGHT_EGRESS_ALLOW }),
    rail: env.FACILITATOR_URL === undefined ? null : railOf(env.FACILITATOR_URL, env.TOLLWRIGHT_EGRESS_ALLOW),
    limits: { shares: new ShareLimits(), slots: new SlotLimits() },
    thresholds: createThresholds(),
    trustedProxies: env.TOLLWRIGHT_TRUSTED_PROXIES,
    onTrace: log.isLevelEnabled('debug') ? (trace) => log.debug({ trace }, 'a call was decided') : null,
    traceSample: env.TOLLWRIGHT_TRACE_SAMPLE,
    onNotice: (notice, about) => log.info({ notice, ...about }, 'a limit reached a threshold'),
    shadowed: new Map(),
    log,
    registered: false,
    draining: false,
    running: 0,
    onSuperseded,
  };
}

function railOf(url: string, allow: readonly string[]): X402Rail {
  return createX402Rail({ url, fetch: createEgress({ allow }).fetch });
}

/** Tells the store who this spool is, again and again until it knows. Nothing is reserved before. */
async function register(gateway: Gateway, url: string, registered: () => void): Promise<void> {
  const { spoolId, bootId, host } = gateway.spool.folder.meta;
  while (!gateway.draining) {
    try {
      await gateway.state.spools.register({ spoolId, bootId, host, url });
      gateway.registered = true;
      registered();
      return;
    } catch (error) {
      gateway.log.warn({ err: error }, 'the state store does not know this gateway yet');
      await new Promise((resolve) => setTimeout(resolve, REGISTER_AGAIN_MS));
    }
  }
}
