import type { AddressInfo } from 'node:net';
import { connect, createServer } from 'node:net';

/** A way to whoever takes money that notes when something came back over it. */
export interface ReplyClock {
  readonly port: number;
  /** When replies came since the last `forget`, by `performance.now()`, in order. */
  readonly replies: number[];
  forget(): void;
  close(): Promise<void>;
}

/** Carries connections to a port of loopback. */
export async function openReplyClock(targetPort: number): Promise<ReplyClock> {
  const replies: number[] = [];
  const server = createServer((near) => {
    const far = connect(targetPort, '127.0.0.1');
    far.on('data', () => replies.push(performance.now()));
    near.pipe(far).pipe(near);
    for (const socket of [near, far]) {
      socket.setNoDelay(true);
      socket.on('error', () => {
        near.destroy();
        far.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    replies,
    forget: () => void replies.splice(0),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
