import type { ChildProcess } from 'node:child_process';

/** What one target is sent. */
export interface LoadOrder {
  readonly origin: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly connections: number;
  readonly requests: number;
  /** Requests start at this rate, whether or not the ones before were answered; null: each connection is always busy. */
  readonly perSecond: number | null;
  /** API keys that the requests take by turns, in place of one in `headers`. */
  readonly keys?: readonly string[];
}

/** Latencies in milliseconds from when a request was sent. */
export interface LoadResult {
  readonly statuses: Readonly<Record<string, number>>;
  readonly seconds: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Until the first byte of the body. */
  readonly firstByteP50Ms: number;
  readonly firstByteP99Ms: number;
}

/** Has the load process send one order and waits for its result. */
export function sendLoad(loader: ChildProcess, order: LoadOrder): Promise<LoadResult> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null) => reject(new Error(`the load process ended with ${code}`));
    loader.once('exit', onExit);
    loader.once('message', (result: LoadResult) => {
      loader.off('exit', onExit);
      resolve(result);
    });
    loader.send(order);
  });
}
