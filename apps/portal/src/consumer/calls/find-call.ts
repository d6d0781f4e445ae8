import 'server-only';
import type { Caller } from '../../server/caller.ts';
import { foundOrNull } from '../../server/found.ts';
import type { Call } from '../outputs.ts';

/** The call that the address names, with the names that the list already knows; null when it is nobody's or not named. */
export async function findCall(api: Caller, eventId: string | undefined, listed: readonly Call[]) {
  if (eventId === undefined) return null;
  const [inFull, trace] = await Promise.all([
    foundOrNull(api.event.get({ eventId })),
    foundOrNull(api.trace.get({ traceId: eventId })),
  ]);
  if (inFull === null) return null;
  const names = listed.find((call) => call.id === eventId) ?? (await namesOf(api, inFull.requestId));
  return { ...names, ...inFull, isExplained: trace !== null };
}

async function namesOf(api: Caller, requestId: string): Promise<Partial<Call>> {
  return (await api.event.list({ requestId, limit: 1 })).items[0] ?? {};
}
