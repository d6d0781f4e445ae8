import { eventually } from '../eventually.ts';
import { done } from '../management.ts';
import type { Subscriber } from '../subscriber.ts';
import type { Stage } from './stage.ts';

/** Until a call's event, with what it announces, is listed. */
export const NOTICED_MS_MAX = 30_000;

/** What GET /notices lists for a customer: percentages by what they are of, oldest first. */
export async function noticed({ management }: Stage, { customerId }: Subscriber): Promise<[string, number][]> {
  const { items } = await done(management.GET('/notices', { params: { query: { customerId } } }));
  return items.map(({ subject, name, percent }): [string, number] => [subject ?? name, percent]).reverse();
}

/** Waits until so many notices are listed. */
export function untilNoticed(stage: Stage, customer: Subscriber, count: number): Promise<[string, number][]> {
  return eventually(`${count} notices`, NOTICED_MS_MAX, async () => {
    const listed = await noticed(stage, customer);
    return listed.length >= count ? listed : null;
  });
}
