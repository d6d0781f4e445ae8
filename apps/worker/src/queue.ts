import { parseRedisUrl } from '@tollwright/state';
import {
  type BackendClasses,
  createPostgresBackend,
  createRedisBackend,
  type IQueueBackend,
  type Processor,
  type Queue,
  withBackend,
} from 'bullmq';
import { Cluster, Redis } from 'ioredis';
import type { WorkerEnv } from './env.ts';
import type { Observe } from './observe.ts';

/** A job that comes back every `everyMs`. Running it twice, or at two workers at once, does no harm. */
export interface RecurringJob {
  readonly name: string;
  readonly everyMs: number;
  /** Answers what is worth a log line, or null when there was nothing to do. */
  run(): Promise<Readonly<Record<string, unknown>> | null>;
}

/** A queue of its own, so that a slow kind of work never delays another. */
export interface QueueSpec {
  readonly name: string;
  readonly concurrency: number;
  readonly jobs: readonly RecurringJob[];
}

/** A schedule is in the queue's store, which may lose it; so often it is looked for. */
const SCHEDULES_EVERY_MS = 1_000;

/** A running queue. Closing waits for the jobs under way. */
export interface RunningQueue {
  readonly name: string;
  isRunning(): boolean;
  close(): Promise<void>;
}

/** Starts a consumer for each queue, on Postgres or, with REDIS_URL, on Redis. */
export async function startQueues(
  env: WorkerEnv,
  specs: readonly QueueSpec[],
  observe: Observe,
): Promise<RunningQueue[]> {
  if (env.REDIS_URL !== undefined) {
    const classes = withBackend(createRedisBackend);
    const redis = openRedis(env.REDIS_URL);
    redis.on('error', (error: Error) => observe.queueError('redis', error));
    const running = await Promise.all(specs.map((spec) => startQueue(classes, redis, spec, observe)));
    return closeAfter(running, async () => redis.disconnect());
  }
  const classes = withBackend(createPostgresBackend);
  const connectionString = env.QUEUE_DATABASE_URL ?? env.DATABASE_URL;
  const running: RunningQueue[] = [];
  // One after the other: the first connection migrates the queue's schema.
  for (const spec of specs) {
    const connection = { connectionString, schema: 'bullmq', migrate: true, max: 2 + spec.concurrency };
    running.push(await startQueue(classes, connection, spec, observe));
  }
  return running;
}

/** Commands wait for Redis as long as it takes; each consumer has a copy of this connection. */
function openRedis(url: string): Redis | Cluster {
  const { nodes, options } = parseRedisUrl(url);
  const common = { ...options, maxRetriesPerRequest: null } as const;
  return nodes.length > 1 ? new Cluster([...nodes], { redisOptions: common }) : new Redis({ ...common, ...nodes[0] });
}

/** The last queue that closes ends what all of them stand on. */
function closeAfter(queues: readonly RunningQueue[], end: () => Promise<void>): RunningQueue[] {
  let open = queues.length;
  return queues.map((queue) => ({
    ...queue,
    close: async () => {
      await queue.close();
      open -= 1;
      if (open === 0) await end();
    },
  }));
}

async function startQueue<Connection>(
  classes: BackendClasses<IQueueBackend, Connection>,
  connection: Connection,
  spec: QueueSpec,
  observe: Observe,
): Promise<RunningQueue> {
  const options = { connection, prefix: '{tollwright}' };
  const queue = new classes.Queue(spec.name, { ...options, streams: { events: { maxLen: 500 } } });
  const onError = (error: Error) => observe.queueError(spec.name, error);
  queue.on('error', onError);
  await queue.waitUntilReady();
  await forgetOldSchedules(queue, spec);
  for (const job of spec.jobs) await schedule(queue, job);
  const worker = new classes.Worker(spec.name, processorOf(spec, observe), {
    ...options,
    concurrency: spec.concurrency,
    // Jobs are harmless when repeated, so a killed worker is given up soon.
    lockDuration: 4_000,
    stalledInterval: 1_500,
    maxStalledCount: 1_000_000,
  });
  worker.on('error', onError);
  await worker.waitUntilReady();
  const looking = setInterval(() => void scheduleAgain(queue, spec).catch(onError), SCHEDULES_EVERY_MS);
  return {
    name: spec.name,
    isRunning: () => worker.isRunning(),
    close: async () => {
      clearInterval(looking);
      await worker.close();
      await queue.close();
    },
  };
}

type Schedules = Pick<Queue, 'getJobSchedulers' | 'removeJobScheduler' | 'upsertJobScheduler'>;

async function schedule(queue: Schedules, { name, everyMs }: RecurringJob): Promise<void> {
  await queue.upsertJobScheduler(
    name,
    { every: everyMs },
    { name, opts: { removeOnComplete: true, removeOnFail: { count: 20 } } },
  );
}

/** A store that was emptied knows no schedule any more, and nobody would restore it. */
async function scheduleAgain(queue: Schedules, spec: QueueSpec): Promise<void> {
  const known = new Set((await queue.getJobSchedulers()).map(({ key }) => key));
  for (const job of spec.jobs) if (!known.has(job.name)) await schedule(queue, job);
}

/** A schedule that an earlier release made and this one does not know would run for ever. */
async function forgetOldSchedules(queue: Schedules, spec: QueueSpec): Promise<void> {
  for (const { key } of await queue.getJobSchedulers()) {
    if (!spec.jobs.some((job) => job.name === key)) await queue.removeJobScheduler(key);
  }
}

function processorOf(spec: QueueSpec, observe: Observe): Processor {
  const jobs = new Map(spec.jobs.map((job) => [job.name, job]));
  return async ({ name }) => {
    const job = jobs.get(name);
    if (job === undefined) return;
    await observe.job(spec.name, name, () => job.run());
  };
}
