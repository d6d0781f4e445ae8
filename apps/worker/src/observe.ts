import type { Logger } from 'pino';

/** How jobs are seen from outside: log lines and counters. */
export interface Observe {
  /** Runs a job; logs what it did and rethrows what it threw. */
  job(queue: string, name: string, run: () => Promise<Readonly<Record<string, unknown>> | null>): Promise<void>;
  queueError(queue: string, error: Error): void;
  /** Counters in the Prometheus text format. */
  metrics(): string;
}

interface JobCounts {
  runs: number;
  failures: number;
  busySeconds: number;
  lastSuccessAtMs: number;
}

/** Counts in memory, logs through pino. */
export function createObserve(log: Logger, nowMs: () => number): Observe {
  const jobs = new Map<string, JobCounts>();
  const countsOf = (key: string): JobCounts => {
    const known = jobs.get(key) ?? { runs: 0, failures: 0, busySeconds: 0, lastSuccessAtMs: 0 };
    jobs.set(key, known);
    return known;
  };
  return {
    async job(queue, name, run) {
      const counts = countsOf(`queue="${queue}",job="${name}"`);
      const startedAtMs = nowMs();
      counts.runs += 1;
      try {
        const done = await run();
        counts.lastSuccessAtMs = nowMs();
        if (done !== null) log.info({ queue, job: name, tookMs: nowMs() - startedAtMs, ...done }, 'job done');
      } catch (error) {
        counts.failures += 1;
        log.error({ queue, job: name, err: error }, 'job failed');
        throw error;
      } finally {
        counts.busySeconds += (nowMs() - startedAtMs) / 1000;
      }
    },
    queueError: (queue, error) => log.error({ queue, err: error }, 'queue error'),
    metrics: () => exposition(jobs),
  };
}

function exposition(jobs: ReadonlyMap<string, JobCounts>): string {
  const families: readonly (readonly [name: string, type: string, value: (counts: JobCounts) => number])[] = [
    ['tollwright_worker_job_runs_total', 'counter', (counts) => counts.runs],
    ['tollwright_worker_job_failures_total', 'counter', (counts) => counts.failures],
    ['tollwright_worker_job_busy_seconds_total', 'counter', (counts) => counts.busySeconds],
    ['tollwright_worker_job_last_success_seconds', 'gauge', (counts) => counts.lastSuccessAtMs / 1000],
  ];
  const lines = families.flatMap(([name, type, value]) => [
    `# TYPE ${name} ${type}`,
    ...[...jobs].map(([labels, counts]) => `${name}{${labels}} ${value(counts)}`),
  ]);
  return `${lines.join('\n')}\n`;
}
