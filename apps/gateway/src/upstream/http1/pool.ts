import type { Opened, OpenSocket } from '@tollwright/egress';
import type { Deadlines, Timed } from '../deadlines.ts';
import { Connection, type ConnectionOwner } from './connection.ts';
import type { Exchange } from './exchange.ts';

/** What a pool is made of. `onEmpty` comes when nothing of it is left. */
export interface PoolOptions {
  readonly origin: URL;
  readonly open: OpenSocket;
  readonly deadlines: Deadlines;
  readonly connectionsMax: number;
  readonly onEmpty: () => void;
}

/**
 * The keep-alive connections to one origin. The one that rested shortest is used first. An exchange that finds none waits
 * in line for the next that is free or newly made, whichever comes first; a connection that cannot be made fails the
 * first in line.
 */
export class Pool implements ConnectionOwner {
  readonly #options: PoolOptions;
  readonly #all = new Set<Connection>();
  readonly #resting: Connection[] = [];
  readonly #waiting = new Set<Exchange>();
  readonly #attempts = new Set<Attempt>();

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  /** Sends an exchange on its way, now or when there is a connection. */
  submit(exchange: Exchange): void {
    const connection = this.#takeResting();
    if (connection !== null) {
      exchange.depart(connection);
      return;
    }
    this.#waiting.add(exchange);
    exchange.wait(this.#withdraw);
    this.#connect(exchange.connectTimeoutMs);
  }

  onRest(connection: Connection): void {
    const next = this.#nextWaiting();
    if (next !== null) {
      next.depart(connection);
      return;
    }
    this.#resting.push(connection);
    this.#options.deadlines.add(connection);
  }

  onGone(connection: Connection): void {
    this.#all.delete(connection);
    const place = this.#resting.indexOf(connection);
    if (place !== -1) this.#resting.splice(place, 1);
    this.#options.deadlines.delete(connection);
    this.#settle();
  }

  /** Ends every connection, attempt and exchange. */
  close(cause: Error): void {
    for (const attempt of this.#attempts) attempt.giveUp();
    this.#attempts.clear();
    for (const exchange of this.#waiting) exchange.giveUp(cause);
    for (const connection of this.#all) connection.close(cause);
  }

  readonly #withdraw = (exchange: Exchange): void => {
    this.#waiting.delete(exchange);
  };

  #takeResting(): Connection | null {
    const nowMs = performance.now();
    for (;;) {
      const connection = this.#resting.pop();
      if (connection === undefined) return null;
      this.#options.deadlines.delete(connection);
      if (connection.isUsable(nowMs)) return connection;
      connection.drop();
    }
  }

  #nextWaiting(): Exchange | null {
    for (const exchange of this.#waiting) {
      this.#waiting.delete(exchange);
      return exchange;
    }
    return null;
  }

  #connect(timeoutMs: number): void {
    const { origin, open, deadlines, connectionsMax } = this.#options;
    if (this.#attempts.size >= this.#waiting.size) return;
    if (this.#all.size + this.#attempts.size >= connectionsMax) return;
    const attempt = new Attempt(performance.now() + timeoutMs, () => this.#forget(attempt));
    this.#attempts.add(attempt);
    deadlines.add(attempt);
    attempt.run(open, origin, (opened) => this.#take(attempt, opened));
  }

  #take(attempt: Attempt, opened: Opened): void {
    this.#attempts.delete(attempt);
    this.#options.deadlines.delete(attempt);
    if (opened.kind === 'opened') {
      const connection = new Connection(opened.socket, this);
      this.#all.add(connection);
      connection.rest();
      this.onRest(connection);
    } else this.#nextWaiting()?.giveUp(opened.cause);
    this.#settle();
  }

  #forget(attempt: Attempt): void {
    this.#attempts.delete(attempt);
    this.#options.deadlines.delete(attempt);
    this.#settle();
  }

  /** Makes what those in line still need, or says that nothing is left. */
  #settle(): void {
    for (const exchange of this.#waiting) {
      if (this.#attempts.size >= this.#waiting.size) break;
      if (this.#all.size + this.#attempts.size >= this.#options.connectionsMax) break;
      this.#connect(exchange.connectTimeoutMs);
    }
    if (this.#all.size + this.#attempts.size + this.#waiting.size === 0) this.#options.onEmpty();
  }
}

/** One connection in the making, with its own deadline: whoever asked for it may have gone. */
class Attempt implements Timed {
  place = -1;
  readonly dueAtMs: number;
  readonly #onExpired: () => void;
  #abort: () => void = () => undefined;

  constructor(dueAtMs: number, onExpired: () => void) {
    this.dueAtMs = dueAtMs;
    this.#onExpired = onExpired;
  }

  run(open: OpenSocket, origin: URL, done: (opened: Opened) => void): void {
    this.#abort = open(origin, done);
  }

  giveUp(): void {
    this.#abort();
  }

  expire(): void {
    this.#abort();
    this.#onExpired();
  }
}
