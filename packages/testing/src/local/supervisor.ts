import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { openLog, tail } from './log-file.ts';
import { identify, type ProcessIdentity } from './process-identity.ts';

/** One child to keep running. */
export interface ProcessSpec {
  name: string;
  command: string;
  args: string[];
  cwd: string;
  env: Record<string, string>;
  logFile: string;
  /** Where it answers, for people and for local.json. */
  url: string | null;
  /** Resolves when it does its work; rejects when `signal` aborts. */
  ready(signal: AbortSignal): Promise<void>;
}

export interface SupervisorEvents {
  /** Some pid is new, or gone. Called before anything else happens to the child. */
  changed(): void;
  /** A line for the person at the terminal. */
  say(line: string): void;
}

const backoffFirstMs = 200;
const backoffMaxMs = 5000;
const stableAfterMs = 10_000;

/** A child under supervision; it owns a process group of its own, so that a Ctrl-C reaches it through us alone. */
export class Supervised {
  readonly spec: ProcessSpec;
  readonly #events: SupervisorEvents;
  #child: ChildProcess | null = null;
  #identity: ProcessIdentity | null = null;
  #stopped = new AbortController();
  #backoffMs = backoffFirstMs;

  constructor(spec: ProcessSpec, events: SupervisorEvents) {
    this.spec = spec;
    this.#events = events;
  }

  /** Null while it waits for its next start. */
  identity(): ProcessIdentity | null {
    return this.#identity;
  }

  /** Starts it and waits until it is ready; from then on it is started again whenever it ends. */
  async start(): Promise<void> {
    const ended = this.#spawn();
    const starting = new AbortController();
    const first = await Promise.race([this.spec.ready(starting.signal).then(() => null), ended]).catch(
      async (error: unknown) => {
        await this.stop(1000);
        throw error;
      },
    );
    starting.abort(new Error('ended'));
    if (first !== null) throw new Error(`${this.spec.name} ${first} before it was ready:\n${this.#lastWords()}`);
    void ended.then((how) => this.#restart(how));
  }

  /** Ends it for good: SIGTERM, and SIGKILL to its whole group after `graceMs`. */
  async stop(graceMs: number): Promise<void> {
    this.#stopped.abort(new Error('stopped'));
    const child = this.#child;
    if (!child?.pid) return;
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill('SIGTERM');
    await Promise.race([ended, sleep(graceMs)]);
    killGroup(child.pid);
    if (this.#child) await ended;
  }

  /** Resolves with how the process ended, in words. */
  #spawn(): Promise<string> {
    const { command, args, cwd, env, logFile } = this.spec;
    const log = openLog(logFile);
    const child = spawn(command, args, { cwd, env, detached: true, stdio: ['ignore', log, log] });
    closeSync(log);
    this.#child = child;
    this.#identity = child.pid ? identify(child.pid) : null;
    this.#events.changed();
    return new Promise((resolve) => {
      const end = (how: string) => {
        if (child.pid) killGroup(child.pid);
        this.#child = null;
        this.#identity = null;
        if (!this.#stopped.signal.aborted) this.#events.changed();
        resolve(how);
      };
      child.once('error', (error) => end(`could not start (${error.message})`));
      child.once('exit', (code, signal) => end(signal ? `was ended by ${signal}` : `ended with code ${code}`));
    });
  }

  async #restart(how: string): Promise<void> {
    let ending = how;
    while (!this.#stopped.signal.aborted) {
      this.#events.say(`${this.spec.name} ${ending}; it is started again`);
      if (!ending.includes('SIGKILL')) this.#events.say(this.#lastWords());
      await sleep(this.#backoffMs, undefined, { signal: this.#stopped.signal }).catch(() => undefined);
      if (this.#stopped.signal.aborted) return;
      this.#backoffMs = Math.min(this.#backoffMs * 2, backoffMaxMs);
      const startedAt = Date.now();
      const starting = new AbortController();
      const ended = this.#spawn();
      void this.spec.ready(starting.signal).then(
        () => this.#events.say(`${this.spec.name} is back`),
        () => undefined,
      );
      ending = await ended;
      starting.abort(new Error(ending));
      if (Date.now() - startedAt > stableAfterMs) this.#backoffMs = backoffFirstMs;
    }
  }

  #lastWords(): string {
    return tail(this.spec.logFile)
      .map((line) => `  | ${line}`)
      .join('\n');
  }
}

function killGroup(leaderPid: number): void {
  try {
    process.kill(-leaderPid, 'SIGKILL');
  } catch {
    // The group is empty already.
  }
}
