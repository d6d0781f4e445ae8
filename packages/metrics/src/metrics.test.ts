import { afterEach, describe, expect, it } from 'vitest';
import { expose, Histogram, type MetricsServer, processFamilies, startMetricsServer } from './index.ts';

describe('the text format', () => {
  it('writes help, type and every sample; quotes, backslashes and line ends of labels are escaped', () => {
    const labels = { api: 'a"b\\c\nd', problem: 'x' };
    const text = expose([
      { name: 'calls_total', help: 'All\ncalls.', type: 'counter', samples: [{ labels, value: 3 }] },
      { name: 'running', help: 'Now.', type: 'gauge', samples: [{ value: 0.5 }] },
    ]);
    expect(text.split('\n')).toEqual([
      '# HELP calls_total All\\ncalls.',
      '# TYPE calls_total counter',
      'calls_total{api="a\\"b\\\\c\\nd",problem="x"} 3',
      '# HELP running Now.',
      '# TYPE running gauge',
      'running 0.5',
      '',
    ]);
  });
});

describe('a histogram', () => {
  it('counts each value in every bucket that it fits into', () => {
    const histogram = new Histogram([1, 5]);
    for (const value of [0.5, 1, 2, 9]) histogram.observe(value);
    const buckets = histogram.samples().map(({ labels, suffix, value }) => [labels?.le ?? suffix, value]);
    expect(buckets).toEqual([
      ['1', 2],
      ['5', 3],
      ['+Inf', 4],
      ['_sum', 12.5],
      ['_count', 4],
    ]);
  });
});

describe('the private port', () => {
  let server: MetricsServer | undefined;
  afterEach(() => server?.close());

  it('serves the metrics of the process at /metrics and nothing else', async () => {
    const families = processFamilies();
    server = await startMetricsServer({ host: '127.0.0.1', port: 0 }, families);
    const reply = await fetch(`${server.url}/metrics`);
    expect(reply.headers.get('content-type')).toContain('version=0.0.4');
    const text = await reply.text();
    const bytes = Number(/^process_resident_memory_bytes (\d+)$/m.exec(text)?.[1]);
    expect(bytes).toBeGreaterThan(10_000_000);
    expect(text).toMatch(/^nodejs_eventloop_lag_seconds\{quantile="0\.99"\} [\d.e-]+$/m);
    expect((await fetch(`${server.url}/`)).status).toBe(404);
  });
});
