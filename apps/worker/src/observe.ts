import type { Family } from '@tollwright/metrics';
import type { Logger } from 'pino';

/** How jobs are seen from outside: log lines and counters. */
export interface Observe {
  /** Runs a job; logs what it did and rethrows what it threw. */
  job(queue: string, name: string, run: () => Promise<Readonly<Record<string, unknown>> | null>): Promise<void>;
  queueError(queue: string, error: Error): void;
  /** What Prometheus scrapes. */
  metrics(): Family[];
}

interface JobCounts {
  readonly queue: string;
  readonly job: string;
  runs: number;
  failures: number;
  busySeconds: number;
  lastSuccessAtMs: number;
}

/** Counts in memory, logs through pino. */
export function createObserve(log: Logger, nowMs: () => number): Observe {
  const jobs = new Map<string, JobCounts>();
  const countsOf = (queue: string, job: string): JobCounts => {
    const key = `${queue} ${job}`;
    const known = jobs.get(key) ?? { queue, job, runs: 0, failures: 0, busySeconds: 0, lastSuccessAtMs: 0 };
    jobs.set(key, known);
    return known;
  };
  return {
    async job(queue, name, run) {
      const counts = countsOf(queue, name);
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
    metrics: () => jobFamilies([...jobs.values()]),
  };
}

function jobFamilies(jobs: readonly JobCounts[]): Family[] {
  const family = (name: string, type: Family['type'], help: string, value: (counts: JobCounts) => number): Family => ({
    ...{ name: `tollwright_worker_job_${name}`, type, help },
    samples: jobs.map((counts) => ({ labels: { queue: counts.queue, job: counts.job }, value: value(counts) })),
  });
  return [
    family('runs_total', 'counter', 'Jobs that were begun.', (counts) => counts.runs),
    family('failures_total', 'counter', 'Jobs that threw.', (counts) => counts.failures),
    family('busy_seconds_total', 'counter', 'Time spent in jobs.', (counts) => counts.busySeconds),
    family('last_success_seconds', 'gauge', 'When a job last succeeded.', (counts) => counts.lastSuccessAtMs / 1000),
  ];
}
