import { type ChildProcess, type ChildProcessByStdio, spawn } from 'node:child_process';
import { resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

const READY_MS_MAX = 300_000;
const STOP_MS_MAX = 20_000;
const LOG_CHARS_KEPT = 20_000;
const root = resolve(import.meta.dirname, '../..');
const children = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});

/** A built program of the product, running as in production. */
export interface Program {
  readonly name: string;
  readonly pid: number;
  /** The end of what it wrote. */
  log(): string;
  isRunning(): boolean;
  signal(signal: NodeJS.Signals): void;
  /** SIGKILL, and waits for the end. */
  kill(): Promise<void>;
  /** SIGTERM, waits for the end, and forces it where it has to. */
  stop(): Promise<void>;
  /** Sends a message to what was imported before the program; answers its reply. Only with `hears`. */
  ask<Reply>(message: object): Promise<Reply>;
}

export interface ProgramOptions {
  readonly name: string;
  /** Below the repository, such as `apps/gateway/dist/main.js`, or the whole path of another file. */
  readonly entry: string;
  readonly args?: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** A fault planted into its modules as they load; null in every run that counts. */
  readonly plant: string | null;
  /** Further modules of this test that it loads first, such as those that move its clock. */
  readonly imports?: readonly string[];
  /** One of them answers messages. */
  readonly hears?: boolean;
}

/** Starts a program of the product; it ends with this process at the latest. */
export function startProgram({
  name,
  entry,
  args = [],
  env,
  plant,
  imports = [],
  hears = false,
}: ProgramOptions): Program {
  const planted = plant === null ? [] : [`${new URL('plants/plant.mjs', import.meta.url)}?name=${plant}`];
  const loaded = [...planted, ...imports].flatMap((url) => ['--import', url]);
  const child = spawn(process.execPath, [...loaded, resolve(root, entry), ...args], {
    cwd: root,
    env: { PATH: process.env.PATH ?? '', NODE_ENV: 'production', ...env },
    stdio: ['ignore', 'pipe', 'pipe', ...(hears ? (['ipc'] as const) : [])],
  }) as ChildProcessByStdio<null, Readable, Readable>;
  let log = '';
  const keep = (part: Buffer) => {
    log = (log + part.toString()).slice(-LOG_CHARS_KEPT);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  children.add(child);
  const ended = new Promise<void>((done) => child.once('exit', () => done()));
  void ended.then(() => children.delete(child));
  return {
    name,
    pid: child.pid as number,
    log: () => log,
    isRunning: () => isRunning(child),
    signal: (signal) => void child.kill(signal),
    async kill() {
      if (isRunning(child)) child.kill('SIGKILL');
      await ended;
    },
    async stop() {
      if (!isRunning(child)) return;
      child.kill('SIGCONT');
      child.kill('SIGTERM');
      const force = setTimeout(() => child.kill('SIGKILL'), STOP_MS_MAX);
      await ended;
      clearTimeout(force);
    },
    ask<Reply>(message: object) {
      return new Promise<Reply>((answer, reject) => {
        void ended.then(() => reject(new Error(`${name} ended`)));
        child.once('message', (reply) => answer(reply as Reply));
        child.send(message, (error) => error && reject(error));
      });
    },
  };
}

/** Waits until `look` answers something other than null. Throws, with its log, when the program ends or takes too long. */
export async function untilReady<T>(program: Program, look: () => Promise<T | null>): Promise<T> {
  const deadline = Date.now() + READY_MS_MAX;
  for (;;) {
    const found = await look();
    if (found !== null) return found;
    if (!program.isRunning()) throw new Error(`${program.name} ended:\n${program.log()}`);
    if (Date.now() > deadline) throw new Error(`${program.name} did not get ready:\n${program.log()}`);
    await sleep(50);
  }
}

/** Whether an address answers with success. */
export function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    (response) => response.ok,
    () => false,
  );
}

function isRunning(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null;
}
