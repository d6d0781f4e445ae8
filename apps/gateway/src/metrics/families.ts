import type { Family, Sample } from '@tollwright/metrics';
import type { EpochKeeper } from '../epoch-keeper.ts';
import type { Gateway } from '../pipeline/gateway.ts';
import type { Shipper } from '../spool/shipper.ts';
import type { TraceQueue } from '../trace/trace-queue.ts';
import { CLASSES, type GatewayMetrics, OUTCOMES } from './gateway-metrics.ts';

const BREAKER_VALUES = { closed: 0, 'half-open': 1, open: 2 };

/** What is asked when somebody scrapes. */
export interface Scraped {
  readonly gateway: Gateway;
  readonly shipper: Shipper;
  readonly epochs: EpochKeeper;
  readonly traces: TraceQueue;
}

/** Everything that a gateway tells Prometheus, besides what every process does. */
export function gatewayFamilies({ gateway, shipper, epochs, traces }: Scraped): Family[] {
  const { metrics, spool, source } = gateway;
  const { unshipped } = spool;
  return [
    family('calls_total', 'counter', 'Calls to routes by API, how they ended and status class.', callSamples(metrics)),
    family('problems_total', 'counter', 'Problem documents answered, by slug.', by('problem', metrics.problems)),
    family(
      'call_duration_seconds',
      'histogram',
      'Forwarded calls, arrival to outcome.',
      metrics.totalSeconds.samples(),
    ),
    family(
      'call_overhead_seconds',
      'histogram',
      'What of a forwarded call was spent before the upstream was asked and after it had ended.',
      metrics.overheadSeconds.samples(),
    ),
    gauge('calls_in_flight', 'Calls under way.', gateway.running),
    family('store_batch_items', 'histogram', 'Items in a batch to the state store.', metrics.batchItems.samples()),
    family('store_round_trip_seconds', 'histogram', 'A batch and its reply.', metrics.storeSeconds.samples()),
    counter('store_batch_failures_total', 'Batches without a reply; each is sent again.', metrics.storeFailures),
    gauge('spool_unshipped_records', 'Outcomes and payments that the inbox has not taken.', unshipped.count),
    gauge('spool_unshipped_bytes', 'The same in bytes.', unshipped.bytes),
    gauge('spool_oldest_unshipped_seconds', 'Age of the oldest of them.', unshipped.ageMs(Date.now()) / 1_000),
    gauge(
      'spool_uncommitted_records',
      'Records that the worker has not committed.',
      spool.sequence - shipper.watermark,
    ),
    gauge('snapshots', 'APIs that are served.', gateway.registry.size),
    gauge(
      'snapshot_age_seconds',
      'Since the store last said that snapshots are current.',
      ageSeconds(source.syncedAtMs),
    ),
    gauge('registered', '1 while the store has an open epoch for this gateway.', Number(gateway.registered)),
    gauge('epoch', 'The epoch of the state store that it works in; 0 in none.', epochs.epoch ?? 0),
    gauge('draining', '1 once it was told to stop.', Number(gateway.draining)),
    family('breaker_state', 'gauge', '0 closed, 1 half-open, 2 open; of breakers that ever opened.', breakers(metrics)),
    family('shadow_refusals_total', 'counter', 'Calls that policies on trial would have refused.', shadows(gateway)),
    counter('traces_left_out_total', 'Traces of calls that there was no room for.', traces.dropped),
  ];
}

function family(name: string, type: Family['type'], help: string, samples: readonly Sample[]): Family {
  return { name: `tollwright_gateway_${name}`, type, help, samples };
}

function gauge(name: string, help: string, value: number): Family {
  return family(name, 'gauge', help, [{ value }]);
}

function counter(name: string, help: string, value: number): Family {
  return family(name, 'counter', help, [{ value }]);
}

function callSamples({ calls }: GatewayMetrics): Sample[] {
  const samples: Sample[] = [];
  for (const [api, counts] of calls) {
    for (const [at, value] of counts.entries()) {
      if (value === 0) continue;
      const outcome = OUTCOMES[Math.trunc(at / CLASSES.length)] as string;
      samples.push({ labels: { api, outcome, class: CLASSES[at % CLASSES.length] as string }, value });
    }
  }
  return samples;
}

function by(label: string, counts: ReadonlyMap<string, number>): Sample[] {
  return [...counts].map(([name, value]) => ({ labels: { [label]: name }, value }));
}

function breakers({ breakers: known }: GatewayMetrics): Sample[] {
  return [...known.values()].map(({ owner, origin, state }) => {
    return { labels: { api: owner, origin }, value: BREAKER_VALUES[state] };
  });
}

function shadows({ shadowed }: Gateway): Sample[] {
  return [...shadowed].map(([key, value]) => {
    const [api = '', policy = ''] = key.split(' ');
    return { labels: { api, policy }, value };
  });
}

function ageSeconds(atMs: number): number {
  return (Date.now() - atMs) / 1_000;
}
