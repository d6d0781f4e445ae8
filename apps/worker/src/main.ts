import { expose, processFamilies, startMetricsServer } from '@tollwright/metrics';
import { openServices } from '@tollwright/services';
import { StateUnsafe } from '@tollwright/state';
import { pino } from 'pino';
import { desksOf } from './desks-of.ts';
import { channelRules, workerEnv } from './env.ts';
import { startOwnFacilitator } from './facilitator.ts';
import { startHealthServer } from './health-server.ts';
import { billingQueue } from './jobs/billing.ts';
import { channelsQueue } from './jobs/channels.ts';
import { epochQueue } from './jobs/epoch.ts';
import { ingestQueue } from './jobs/ingest.ts';
import { outboxQueue } from './jobs/outbox.ts';
import { paymentsQueue } from './jobs/payments.ts';
import { refundsQueue } from './jobs/refunds.ts';
import { topUpsQueue } from './jobs/top-ups.ts';
import { tracesQueue } from './jobs/traces.ts';
import { upkeepQueue } from './jobs/upkeep.ts';
import { watermarkFamilies, watermarkQueue } from './jobs/watermark.ts';
import { webhooksQueue } from './jobs/webhooks.ts';
import { createObserve } from './observe.ts';
import { startQueues } from './queue.ts';
import { servicesConfig } from './services-config.ts';

const env = workerEnv();
const log = pino({ name: 'worker', level: env.LOG_LEVEL });
const config = servicesConfig(env, (what, error) => log.error({ err: error }, what));
const services = openServices(config);
const { ctx } = services;
// A store that may forget what it was told is not worked with; one that is away is waited for.
await ctx.state.verify().catch((error: unknown) => {
  if (error instanceof StateUnsafe) throw error;
});
const desks = desksOf(env, ctx);
const facilitator = await startOwnFacilitator(env, ctx);
const observe = createObserve(log, Date.now);
const ofProcess = processFamilies();
const watermark = watermarkQueue(ctx);
const families = () => [
  ...observe.metrics(),
  ...watermarkFamilies(watermark.latest()),
  ...(facilitator?.families() ?? []),
  ...ofProcess(),
];

const queues = await startQueues(
  env,
  [
    ingestQueue(ctx),
    tracesQueue(ctx),
    outboxQueue(ctx),
    paymentsQueue(ctx, desks),
    refundsQueue(ctx, desks),
    topUpsQueue(ctx),
    billingQueue(ctx),
    channelsQueue(ctx, desks, channelRules(env)),
    upkeepQueue(ctx),
    epochQueue(ctx),
    webhooksQueue(ctx),
    watermark.queue,
    ...(facilitator === null ? [] : [facilitator.queue]),
  ],
  observe,
);
const health = await startHealthServer(
  { host: env.HOST, port: env.PORT },
  {
    async check() {
      const stopped = queues.find((queue) => !queue.isRunning());
      if (stopped !== undefined) return `queue ${stopped.name} does not run`;
      return (await ctx.state.ping()) ? null : 'the state store does not answer';
    },
    metrics: () => expose(families()),
  },
);
const metrics =
  env.METRICS_PORT === undefined
    ? null
    : await startMetricsServer({ host: env.METRICS_HOST, port: env.METRICS_PORT }, families);
log.info({ url: health.url, queues: queues.map((queue) => queue.name) }, 'worker ready');

let stopping = false;
async function stop(signal: string): Promise<void> {
  if (stopping) return;
  stopping = true;
  log.info({ signal }, 'worker stops after the jobs under way');
  const deadline = setTimeout(() => process.exit(1), 15_000);
  deadline.unref();
  await Promise.all([health.close(), metrics?.close(), facilitator?.server.close()]);
  await Promise.all(queues.map((queue) => queue.close()));
  await services.close();
  process.exit(0);
}
process.on('SIGTERM', () => void stop('SIGTERM'));
process.on('SIGINT', () => void stop('SIGINT'));
