import { expose, processFamilies, startMetricsServer } from '@tollwright/metrics';
import { openServices } from '@tollwright/services';
import { StateUnsafe } from '@tollwright/state';
import { pino } from 'pino';
import { workerEnv } from './env.ts';
import { startHealthServer } from './health-server.ts';
import { epochQueue } from './jobs/epoch.ts';
import { ingestQueue } from './jobs/ingest.ts';
import { outboxQueue } from './jobs/outbox.ts';
import { paymentsQueue } from './jobs/payments.ts';
import { tracesQueue } from './jobs/traces.ts';
import { upkeepQueue } from './jobs/upkeep.ts';
import { watermarkFamilies, watermarkQueue } from './jobs/watermark.ts';
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
const observe = createObserve(log, Date.now);
const ofProcess = processFamilies();
const watermark = watermarkQueue(ctx);
const families = () => [...observe.metrics(), ...watermarkFamilies(watermark.latest()), ...ofProcess()];

const queues = await startQueues(
  env,
  [
    ingestQueue(ctx),
    tracesQueue(ctx),
    outboxQueue(ctx),
    paymentsQueue(ctx, env.CHAIN_RPC_URLS),
    upkeepQueue(ctx),
    epochQueue(ctx),
    watermark.queue,
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
  await Promise.all([health.close(), metrics?.close()]);
  await Promise.all(queues.map((queue) => queue.close()));
  await services.close();
  process.exit(0);
}
process.on('SIGTERM', () => void stop('SIGTERM'));
process.on('SIGINT', () => void stop('SIGINT'));
