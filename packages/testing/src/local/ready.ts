import { request } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

// A machine that is busy with other things starts a process slowly; giving up would stop all the others with it.
const answerTimeoutMs = 180_000;
const callTimeoutMs = 20_000;

/** Waits until the address answers at all, or with the wanted status. Throws when `timeoutMs` passed or `signal` aborts. */
export async function untilAnswers(
  url: string,
  options: { signal: AbortSignal; timeoutMs?: number; status?: number },
): Promise<void> {
  const deadline = Date.now() + (options.timeoutMs ?? answerTimeoutMs);
  while (!options.signal.aborted) {
    const status = await statusOf(url, options.signal);
    if (status !== null && (options.status === undefined || status === options.status)) return;
    if (Date.now() > deadline) throw new Error(`${url} did not answer in time (last: ${status ?? 'no connection'}).`);
    await sleep(100);
  }
  throw options.signal.reason;
}

/** Waits until somebody listens on the port of this machine. Throws when three minutes passed or `signal` aborts. */
export async function untilListens(port: number, signal: AbortSignal): Promise<void> {
  const deadline = Date.now() + answerTimeoutMs;
  while (!signal.aborted) {
    if (await listens(port)) return;
    if (Date.now() > deadline) throw new Error(`Nothing listens on port ${port}.`);
    await sleep(100);
  }
  throw signal.reason;
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const end = (found: boolean) => {
      socket.destroy();
      resolve(found);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}

function statusOf(url: string, signal: AbortSignal): Promise<number | null> {
  return new Promise((resolve) => {
    const call = request(url, { signal, timeout: callTimeoutMs, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode ?? null);
    });
    call.on('timeout', () => call.destroy());
    call.on('error', () => resolve(null));
    call.end();
  });
}
