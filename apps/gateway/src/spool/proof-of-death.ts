import { connect } from 'node:net';
import { socketPath } from './spool-folder.ts';

/** A running or stopped process accepts, or its queue is full; only a refused connection proves that it is gone. */
export function isProvedDead(dir: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(socketPath(dir));
    const answer = (dead: boolean) => {
      socket.destroy();
      resolve(dead);
    };
    socket.setTimeout(1_000, () => answer(false));
    socket.once('connect', () => answer(false));
    socket.once('error', (error: NodeJS.ErrnoException) => answer(error.code === 'ECONNREFUSED'));
  });
}
