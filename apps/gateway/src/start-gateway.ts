import { readFileSync } from 'node:fs';
import { type MasterKey, openSecret, parseMasterKeys } from '@tollwright/contracts/sealed-secret';
import { type MetricsServer, processFamilies, startMetricsServer } from '@tollwright/metrics';
import type { Rail } from '@tollwright/payments';
import { createThresholds } from '@tollwright/policies';
import { createBatcher, openState, type StatePort, StateUnsafe } from '@tollwright/state';
import type { Logger } from 'pino';
import { drain } from './drain.ts';
import type { Env } from './env.ts';
import { EpochKeeper } from './epoch-keeper.ts';
import { serveHealth } from './health/health.ts';
import { createSpoolProbe } from './health/spool-probe.ts';
import { listen } from './http/server.ts';
import { KeptBytes } from './idempotency/kept-bytes.ts';
import { PrincipalCache } from './identify/principal-cache.ts';
import { countProcesses } from './limits/count-processes.ts';
import { ShareLimits } from './limits/share-limits.ts';
import { SlotLimits } from './limits/slot-limits.ts';
import { createLog } from './log.ts';
import { gatewayFamilies, type Scraped } from './metrics/families.ts';
import { GatewayMetrics } from './metrics/gateway-metrics.ts';
import { ApprovalAsks } from './pay/approval-asks.ts';
import { PaymentTally } from './pay/payment-tally.ts';
import { railsOf } from './pay/rails-of.ts';
import { signInDeskOf } from './pay/sign-in/sign-in-desk-of.ts';
import type { Gateway } from './pipeline/gateway.ts';
import { serve } from './pipeline/serve.ts';
import { SnapshotDisk } from './snapshot/disk-copy.ts';
import { ApiRegistry } from './snapshot/registry.ts';
import { SnapshotSource } from './snapshot/source.ts';
import { SpoolReporter } from './spool/reporter.ts';
import { Shipper } from './spool/shipper.ts';
import { Spool } from './spool/spool.ts';
import { Successor } from './spool/takeover.ts';
import { TraceQueue } from './trace/trace-queue.ts';
import type { Tracing } from './tracing/tracing.ts';
import { withFailover } from './upstream/failover.ts';
import { createOwnClient } from './upstream/own-client.ts';
import { createUndiciClient } from './upstream/undici-client.ts';
import type { UpstreamClient } from './upstream/upstream.ts';

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
  const state = openState({ redisUrl: env.REDIS_URL, databaseUrl: env.STATE_DATABASE_URL });
  await refuseUnsafe(state);
  const spool = await Spool.open(env.SPOOL_DIR, env.TOLLWRIGHT_GATEWAY_NAME);
  let keeper: EpochKeeper | null = null;
  const traces = new TraceQueue(state.traces, log);
  const masterKeys = parseMasterKeys(readFileSync(env.TOLLWRIGHT_MASTER_KEY_FILE, 'utf8'));
  const gateway = wire(env, log, state, spool, await openTracing(env), {
    ...{ masterKeys, rails: await railsOf(env, masterKeys) },
    ...{ traces, onSuperseded },
    onLost: (reason) => keeper?.lost(reason),
  });
  const epochs = new EpochKeeper(gateway);
  keeper = epochs;
  await gateway.source.start();
  const probe = createSpoolProbe(spool.folder.dir);
  const { server, port } = await listen({ host: env.HOST, port: env.PORT }, (request, response) => {
    if (!serveHealth(gateway, probe, request, response)) void serve(gateway, request, response);
  });
  const shipper = new Shipper(spool, state.inbox, log, (reason) => epochs.lost(reason));
  const reporter = new SpoolReporter(gateway);
  const successor = new Successor({ root: env.SPOOL_DIR, spool, state, log });
  const registering = register(gateway, env.GATEWAY_PUBLIC_URL, () => {
    shipper.start();
    gateway.tally.start();
    reporter.start();
    traces.start();
    successor.start();
    countProcesses(gateway);
    return epochs.start();
  });
  log.info({ port, spool: spool.spoolId, apis: gateway.registry.size }, 'gateway is listening');
  const metrics = await serveMetrics(env, { gateway, shipper, epochs, traces });
  return {
    port,
    spoolId: spool.spoolId,
    stop: () =>
      drain({
        gateway,
        server,
        shipper,
        reporter,
        traces,
        successor,
        epochs,
        registering,
        metrics,
        noticeMs: env.TOLLWRIGHT_DRAIN_NOTICE_MS,
      }),
  };
}

/** The libraries are loaded only where spans are wanted. */
async function openTracing({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, ...env }: Env): Promise<Tracing | null> {
  if (endpoint === undefined) return null;
  const { openOtlpTracing } = await import('./tracing/otlp-tracing.ts');
  return openOtlpTracing({ endpoint, serviceName: env.OTEL_SERVICE_NAME, instance: env.TOLLWRIGHT_GATEWAY_NAME });
}

async function serveMetrics(env: Env, scraped: Scraped): Promise<MetricsServer | null> {
  if (env.METRICS_PORT === undefined) return null;
  const ofProcess = processFamilies();
  const address = { host: env.METRICS_HOST, port: env.METRICS_PORT };
  const server = await startMetricsServer(address, () => [...gatewayFamilies(scraped), ...ofProcess()]);
  scraped.gateway.log.info({ url: server.url }, 'metrics are served');
  return server;
}

interface Means {
  readonly masterKeys: readonly MasterKey[];
  readonly rails: readonly Rail[];
  readonly traces: TraceQueue;
  readonly onSuperseded: () => void;
  readonly onLost: (reason: string) => void;
}

function wire(
  env: Env,
  log: Logger,
  state: StatePort,
  spool: Spool,
  tracing: Tracing | null,
  { onSuperseded, onLost, traces, masterKeys, rails }: Means,
): Gateway {
  const registry = new ApiRegistry();
  const metrics = new GatewayMetrics();
  const principals = new PrincipalCache(state, env.TOLLWRIGHT_KEYS_CACHED_MAX);
  const source = new SnapshotSource({
    directory: state.directory,
    registry,
    disk: new SnapshotDisk(env.SNAPSHOT_DIR),
    openCredential: (tenant, apiId, sealed) =>
      openSecret(masterKeys, { tenant, target: `api:${apiId}:upstream` }, sealed),
    onCustomerChange: (customerId) => principals.invalidate(customerId),
    onLost,
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
    batcher: createBatcher({ counters: metrics.measured(state.counters), spoolId: spool.spoolId, onLost }),
    spool,
    upstream: withFailover(upstreamClient(env), {
      nowMs: () => performance.now(),
      onChange: (change) => {
        metrics.breaker(change);
        log.warn({ apiId: change.owner, origin: change.origin, state: change.state }, 'a circuit breaker changed');
      },
    }),
    rails,
    signIn: signInDeskOf(env, masterKeys),
    unsettledMax: { channelUsd: env.SESSION_UNSETTLED_MAX_USD, payerUsd: env.SESSION_UNSETTLED_PAYER_MAX_USD },
    tally: new PaymentTally(env.TOLLWRIGHT_GATEWAY_NAME, spool, (error) =>
      log.error({ err: error }, 'counts of payments could not be written'),
    ),
    asks: new ApprovalAsks(spool, (error) => log.error({ err: error }, 'an approval could not be asked for')),
    limits: { shares: new ShareLimits(), slots: new SlotLimits() },
    thresholds: createThresholds(),
    trustedProxies: env.TOLLWRIGHT_TRUSTED_PROXIES,
    traces,
    traceSample: env.TOLLWRIGHT_TRACE_SAMPLE,
    onNotice: (notice, about) => log.info({ notice, ...about }, 'a limit reached a threshold'),
    masterKeys,
    tracing,
    keptBytes: new KeptBytes(),
    metrics,
    shadowed: new Map(),
    log,
    enrolled: false,
    registered: false,
    draining: false,
    running: 0,
    visits: new Set(),
    onSuperseded,
  };
}

function upstreamClient({ UPSTREAM_CLIENT, TOLLWRIGHT_EGRESS_ALLOW: allow }: Env): UpstreamClient {
  return UPSTREAM_CLIENT === 'own' ? createOwnClient({ allow }) : createUndiciClient({ allow });
}

/** A store that is away now is asked again by every call; one that may forget is not started on. */
async function refuseUnsafe(state: StatePort): Promise<void> {
  try {
    await state.verify();
  } catch (error) {
    if (error instanceof StateUnsafe) throw error;
  }
}

/** Tells the store who this spool is, again and again until it knows. Nothing is reserved before. */
async function register(gateway: Gateway, url: string, registered: () => Promise<void>): Promise<void> {
  const { spoolId, bootId, host } = gateway.spool.folder.meta;
  while (!gateway.draining) {
    try {
      await gateway.state.spools.register({ spoolId, bootId, host, url });
      gateway.enrolled = true;
      await registered();
      return;
    } catch (error) {
      gateway.log.warn({ err: error }, 'the state store does not know this gateway yet');
      await new Promise((resolve) => setTimeout(resolve, REGISTER_AGAIN_MS));
    }
  }
}
