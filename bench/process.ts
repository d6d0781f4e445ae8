import { type ChildProcess, fork } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import type { Ends } from './ends.ts';

const STOP_PATIENCE_MS = 10_000;

/** CPU time in nanoseconds that the threads of a process have used, its helpers included. Linux only. */
export function cpuNanos(pid: number): bigint {
  const tasks = `/proc/${pid}/task`;
  return readdirSync(tasks)
    .map((task) => BigInt(readFileSync(`${tasks}/${task}/schedstat`, 'utf8').split(' ')[0] ?? ''))
    .reduce((sum, nanos) => sum + nanos, 0n);
}

/** Starts a file, TypeScript or not, as a child that sends 'ready', with an IPC channel. */
export function startChild(ends: Ends, file: string, env: Record<string, string>): Promise<ChildProcess> {
  const child = fork(file, [], {
    execArgv: file.endsWith('.ts') ? ['--import', 'tsx'] : [],
    env: { ...process.env, ...env },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  ends.push(() => stopChild(child));
  return new Promise((resolve, reject) => {
    child.once('message', () => resolve(child));
    child.once('exit', (code) => reject(new Error(`${file} ended with ${code} before it was ready`)));
  });
}

/** Resolves when the process has ended, by force if it has to be. */
export function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    const force = setTimeout(() => child.kill('SIGKILL'), STOP_PATIENCE_MS);
    child.once('exit', () => {
      clearTimeout(force);
      resolve();
    });
    child.kill('SIGTERM');
  });
}

/** Resolves when something accepts at a port of loopback; rejects when the process ends before, or after 20 s. */
export async function listening(child: ChildProcess, port: number, name: string): Promise<void> {
  for (let attempt = 0; attempt < 400; attempt++) {
    if (child.exitCode !== null) throw new Error(`${name} ended with ${child.exitCode}`);
    if (await accepts(port)) return;
    await new Promise((wake) => setTimeout(wake, 50));
  }
  throw new Error(`${name} did not listen within 20 s`);
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
