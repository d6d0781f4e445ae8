import { connect } from 'node:net';
import { type RawAnswer, takeAnswers } from './raw-answers.ts';

/** A TCP connection that sends exactly the bytes it is given. */
export interface RawConnection {
  /** Sends parts one after the other, each in a write of its own. */
  send(...parts: readonly Buffer[]): Promise<void>;
  /** Every answer so far, once there are `count` or the connection is closed; waits at most `timeoutMs`. */
  answers(count: number, timeoutMs: number): Promise<readonly RawAnswer[]>;
  /** Whether the other side closed it; waits at most `timeoutMs`. */
  isClosed(timeoutMs: number): Promise<boolean>;
  drop(): void;
}

/** Connects to a port of this machine. `isHead`: see takeAnswers. */
export async function openRaw(port: number, isHead: (index: number) => boolean = () => false): Promise<RawConnection> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  const parts: Buffer[] = [];
  let closed = false;
  let changed: () => void = () => undefined;
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  socket.on('data', (part: Buffer) => {
    parts.push(part);
    changed();
  });
  socket.on('error', () => undefined);
  for (const event of ['end', 'close'] as const) {
    socket.on(event, () => {
      closed = true;
      changed();
    });
  }
  const read = () => takeAnswers(Buffer.concat(parts), closed, isHead).answers;

  /** Waits for a condition, looked at whenever something happens on the connection. */
  async function until(isDone: () => boolean, timeoutMs: number): Promise<void> {
    if (isDone()) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, timeoutMs);
      changed = () => {
        if (!isDone()) return;
        clearTimeout(timer);
        resolve();
      };
    });
    changed = () => undefined;
  }

  return {
    async send(...pieces) {
      for (const piece of pieces) {
        if (!socket.writable) return;
        await new Promise<void>((resolve) => socket.write(piece, () => setImmediate(resolve)));
      }
    },
    async answers(count, timeoutMs) {
      await until(() => closed || read().length >= count, timeoutMs);
      return read();
    },
    async isClosed(timeoutMs) {
      await until(() => closed, timeoutMs);
      return closed;
    },
    drop: () => socket.destroy(),
  };
}
