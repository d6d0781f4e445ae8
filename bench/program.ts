import { type ChildProcess, spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { freePort } from '@tollwright/testing';
import type { Ends } from './ends.ts';
import { stopChild } from './process.ts';

const READY_MS_MAX = 60_000;

/** A built program of the product. */
export interface Program {
  readonly process: ChildProcess;
  readonly origin: string;
}

export interface ProgramOptions {
  readonly name: 'gateway' | 'worker';
  /** Answers with success once it serves. */
  readonly readyPath: string;
  /** What it is told beside its address. */
  readonly env: (origin: string) => Readonly<Record<string, string>>;
}

/** Starts a built program as production runs it, on a free port of loopback. Throws when it is not ready in time. */
export async function startProgram(ends: Ends, { name, readyPath, env }: ProgramOptions): Promise<Program> {
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const address = { PATH: process.env.PATH ?? '', NODE_ENV: 'production', HOST: '127.0.0.1', PORT: String(port) };
  const child = spawn(process.execPath, [resolve(import.meta.dirname, `../apps/${name}/dist/main.js`)], {
    env: { ...address, ...env(origin) },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  ends.push(() => stopChild(child));
  const deadline = Date.now() + READY_MS_MAX;
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`the ${name} ended with ${child.exitCode}`);
    const ready = await fetch(`${origin}${readyPath}`).then(
      (response) => response.ok,
      () => false,
    );
    if (ready) return { process: child, origin };
    await new Promise((wake) => setTimeout(wake, 50));
  }
  throw new Error(`the ${name} was not ready within ${READY_MS_MAX / 1000} s`);
}
