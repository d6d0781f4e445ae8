import type { Server } from 'node:http';
import type { EpochKeeper } from './epoch-keeper.ts';
import type { Gateway } from './pipeline/gateway.ts';
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
  readonly traces: TraceQueue;
  readonly successor: Successor;
  readonly epochs: EpochKeeper;
  readonly registering: Promise<void>;
}

/**
 * Ends a gateway: refuses new calls, lets running ones finish (at most 30 s), settles and ships what it can. The spool
 * folder stays with a socket that refuses, so that a successor finishes whatever was left.
 */
export async function drain(drained: Drained): Promise<void> {
  const { gateway, server, shipper, traces, successor, epochs, registering } = drained;
  gateway.draining = true;
  server.close();
  server.closeIdleConnections();
  await within(STREAMS_MS_MAX, async () => {
    while (gateway.running > 0) await pause();
  });
  server.closeAllConnections();
  await registering;
  await gateway.source.stop();
  await successor.stop();
  await epochs.stop();
  await within(STORE_MS_MAX, () => gateway.batcher.drain());
  shipper.stop();
  await within(STORE_MS_MAX, async () => void (await shipper.ship()));
  await within(STORE_MS_MAX, () => traces.stop());
  gateway.batcher.stop();
  await gateway.upstream.close();
  await gateway.spool.close();
  await gateway.state.close();
  gateway.log.info('gateway has stopped');
}

async function within(limitMs: number, work: () => Promise<void>): Promise<void> {
  const late = new Promise<void>((resolve) => setTimeout(resolve, limitMs).unref());
  await Promise.race([work(), late]);
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, CHECK_EVERY_MS));
}
