import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

// A machine that is busy with other things starts a process slowly; giving up would stop all the others with it.
const answerTimeoutMs = 180_000;
// In development the portal compiles the page that it is asked for.
const callTimeoutMs = 60_000;

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
