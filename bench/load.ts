import type { ChildProcess } from 'node:child_process';

export interface LoadOrder {
  readonly origin: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly connections: number;
  readonly requests: number;
}

export interface LoadResult {
  readonly statuses: Readonly<Record<string, number>>;
  readonly seconds: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
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
