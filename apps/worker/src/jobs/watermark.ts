import type { Family } from '@tollwright/metrics';
import { closeLostSpools, lowWatermark, noteReports, type ServiceContext, type Surveyed } from '@tollwright/services';
import type { QueueSpec } from '../queue.ts';

/** The queue, and the watermark as its last run found it; null before the first. */
export interface WatermarkQueue {
  readonly queue: QueueSpec;
  latest(): Surveyed | null;
}

/** How far all gateways have come, every five seconds; those that will not come back are looked for every ten minutes. */
export function watermarkQueue(ctx: ServiceContext): WatermarkQueue {
  let latest: Surveyed | null = null;
  let told = '';
  const report = async () => {
    await noteReports(ctx);
    latest = await lowWatermark(ctx);
    const silent = latest?.silent.map(({ spoolId }) => spoolId) ?? [];
    const news = silent.join(' ');
    if (news === told) return null;
    told = news;
    return { silent };
  };
  const close = async () => {
    const { silent, closed } = await closeLostSpools(ctx);
    return silent.length === 0 ? null : { silent, closed };
  };
  return {
    latest: () => latest,
    queue: {
      name: 'gateways',
      concurrency: 1,
      jobs: [
        { name: 'report', everyMs: 5_000, run: report },
        { name: 'close', everyMs: 600_000, run: close },
      ],
    },
  };
}

export function watermarkFamilies(latest: Surveyed | null): Family[] {
  const gauge = (name: string, help: string, value: number | null): Family => ({
    ...{ name: `tollwright_worker_${name}`, type: 'gauge', help },
    samples: value === null ? [] : [{ labels: {}, value }],
  });
  const atMs = latest?.atMs ?? null;
  return [
    gauge(
      'low_watermark_seconds',
      'The moment before which every call is in Postgres.',
      atMs === null ? null : atMs / 1000,
    ),
    gauge('silent_gateways', 'Gateways that do not report any more.', latest === null ? null : latest.silent.length),
  ];
}
