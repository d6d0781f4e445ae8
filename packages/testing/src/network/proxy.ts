import { connect, createServer, type Socket } from 'node:net';

/** A TCP proxy on loopback that can lose what comes back. */
export interface Proxy {
  readonly port: number;
  /** From now on requests arrive, and their answers do not: the connection breaks instead. Until `restore`. */
  loseReplies(): void;
  /** Breaks every connection and refuses new ones, until `restore`. */
  cut(): void;
  restore(): void;
  close(): Promise<void>;
}

/** Listens on a free port and carries every connection to `targetPort`. */
export async function openProxy(targetPort: number): Promise<Proxy> {
  let mode: 'whole' | 'one-way' | 'cut' = 'whole';
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    if (mode === 'cut') {
      near.destroy();
      return;
    }
    const far = connect(targetPort, '127.0.0.1');
    const end = () => {
      near.destroy();
      far.destroy();
    };
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', end);
      socket.on('close', () => {
        sockets.delete(socket);
        end();
      });
    }
    near.on('data', (data) => far.write(data));
    far.on('data', (data) => {
      if (mode === 'one-way') end();
      else near.write(data);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const breakAll = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    loseReplies: () => {
      mode = 'one-way';
    },
    cut() {
      mode = 'cut';
      breakAll();
    },
    restore: () => {
      mode = 'whole';
    },
    close() {
      breakAll();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
