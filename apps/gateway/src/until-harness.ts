import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import type { GatewayProcess, Stage } from './gateway-harness.ts';

/** Waits until these gateways serve the publication: one that says the same as the one before is another document too. */
export async function untilServed(
  gateways: GatewayProcess | readonly GatewayProcess[],
  version: number,
): Promise<void> {
  for (const { url } of [gateways].flat() as readonly GatewayProcess[]) {
    const served = async () => {
      const document = await (await fetch(`${url}/acme/llm/openapi.json`)).json();
      return (document as { readonly info: { readonly version: string } }).info.version;
    };
    await expect.poll(served).toBe(String(version));
  }
}

/** Waits until nothing is held for a customer: what a call held is settled after its answer, and not by every gateway at once. */
export async function untilSettled({ state }: Stage, customerId: string): Promise<void> {
  await expect.poll(() => state.counters.holds({ tag: `c:${customerId}` })).toEqual([]);
}

/** An answer, once all of it is there: before its end, what its call held is on the way to the store. */
export async function whole(answer: Promise<Response>): Promise<Response> {
  const response = await answer;
  await response.clone().arrayBuffer();
  return response;
}

/** So much of a window has to be left for what is counted in it to be counted in one. */
const ROOM_MS = 20_000;

/** Waits for the next window where the one of now is nearly over, by the store's clock. A day is one too, in UTC. */
export async function untilRoom({ state }: Pick<Stage, 'state'>, windowSeconds: number): Promise<void> {
  const windowMs = windowSeconds * 1_000;
  const leftMs = windowMs - ((await state.nowMs()) % windowMs);
  if (leftMs < ROOM_MS) await sleep(leftMs + 100);
}
