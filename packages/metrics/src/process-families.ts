import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Family } from './exposition.ts';

const RESOLUTION_MS = 10;
const NANOSECONDS = 1e9;
const MICROSECONDS = 1e6;

/** Memory, CPU and event loop of this process, under the names that Prometheus' own clients use. Starts to watch the loop. */
export function processFamilies(): () => Family[] {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  const startedAtSeconds = Date.now() / 1_000 - process.uptime();
  return () => {
    const memory = process.memoryUsage();
    const { user, system } = process.cpuUsage();
    const lag = (quantile: string, nanoseconds: number) => ({
      labels: { quantile },
      value: Math.max(0, nanoseconds / NANOSECONDS - RESOLUTION_MS / 1_000) || 0,
    });
    const lags = [lag('0.5', delay.percentile(50)), lag('0.99', delay.percentile(99)), lag('1', delay.max)];
    delay.reset();
    return [
      gauge('process_resident_memory_bytes', 'Memory of the process.', memory.rss),
      gauge('nodejs_heap_size_used_bytes', 'Used heap.', memory.heapUsed),
      gauge('nodejs_external_memory_bytes', 'Memory outside the heap that objects hold.', memory.external),
      {
        name: 'process_cpu_seconds_total',
        help: 'CPU time of the process.',
        type: 'counter',
        samples: [
          { labels: { mode: 'user' }, value: user / MICROSECONDS },
          { labels: { mode: 'system' }, value: system / MICROSECONDS },
        ],
      },
      {
        name: 'nodejs_eventloop_lag_seconds',
        help: 'How late the event loop was since the last scrape.',
        type: 'gauge',
        samples: lags,
      },
      gauge('process_start_time_seconds', 'When the process started.', startedAtSeconds),
    ];
  };
}

function gauge(name: string, help: string, value: number): Family {
  return { name, help, type: 'gauge', samples: [{ value }] };
}
