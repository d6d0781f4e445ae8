import type { Server } from 'node:http';
import type { MetricsServer } from '@tollwright/metrics';
import type { EpochKeeper } from './epoch-keeper.ts';
import type { Gateway } from './pipeline/gateway.ts';
import type { SpoolReporter } from './spool/reporter.ts';
import type { Shipper } from './spool/shipper.ts';
import type { Successor } from './spool/takeover.ts';
import type { TraceQueue } from './trace/trace-queue.ts';

const STREAMS_MS_MAX = 30_000;
const STORE_MS_MAX = 5_000;
const CHECK_EVERY_MS = 20;

export interface Drained {
  readonly gateway: Gateway;
  readonly server: Server;
  readonly shipper: Shipper;
  readonly reporter: SpoolReporter;
  readonly traces: TraceQueue;
  readonly successor: Successor;
  readonly epochs: EpochKeeper;
  readonly registering: Promise<void>;
  readonly metrics: MetricsServer | null;
  readonly noticeMs: number;
}

/**
 * Ends a gateway. First it only says so: `/readyz` is 503 and new calls are `draining`, for `noticeMs` and for as long as calls
 * run (at most 30 s), so that whoever spreads calls can look elsewhere. Then it listens no more, and settles and ships what it
 * can. The spool folder stays with a socket that refuses, so that a successor finishes whatever was left.
 */
export async function drain(drained: Drained): Promise<void> {
  const { gateway, server, shipper, reporter, traces, successor, epochs, registering, metrics, noticeMs } = drained;
  gateway.draining = true;
  const noticed = new Promise((resolve) => setTimeout(resolve, noticeMs));
  await within(STREAMS_MS_MAX, async () => {
    await noticed;
    while (gateway.running > 0 || gateway.visits.size > 0) await pause();
  });
  server.close();
  server.closeAllConnections();
  await registering;
  await gateway.source.stop();
  await successor.stop();
  await epochs.stop();
  await within(STORE_MS_MAX, () => gateway.batcher.drain());
  await reporter.stop();
  gateway.tally.stop();
  shipper.stop();
  await within(STORE_MS_MAX, async () => void (await shipper.ship()));
  await within(STORE_MS_MAX, () => traces.stop());
  gateway.batcher.stop();
  await gateway.upstream.close();
  await gateway.spool.close();
  await gateway.state.close();
  await metrics?.close();
  await within(STORE_MS_MAX, async () => gateway.tracing?.shutdown());
  gateway.log.info('gateway has stopped');
}

async function within(limitMs: number, work: () => Promise<void>): Promise<void> {
  const late = new Promise<void>((resolve) => setTimeout(resolve, limitMs).unref());
  await Promise.race([work(), late]);
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, CHECK_EVERY_MS));
}
