import 'server-only';
import { TRPCError } from '@trpc/server';
import type { Caller } from '../../server/caller.ts';
import type { Call, CallInFull } from '../outputs.ts';

/** The call that the address names, with the names that the list already knows; null when it is nobody's or not named. */
export async function findCall(api: Caller, eventId: string | undefined, listed: readonly Call[]) {
  if (eventId === undefined) return null;
  const inFull = await api.event.get({ eventId }).catch((error: unknown): CallInFull | null => {
    if (error instanceof TRPCError && (error.code === 'NOT_FOUND' || error.code === 'BAD_REQUEST')) return null;
    throw error;
  });
  if (inFull === null) return null;
  const names = listed.find((call) => call.id === eventId) ?? (await namesOf(api, inFull.requestId));
  return { ...names, ...inFull };
}

async function namesOf(api: Caller, requestId: string): Promise<Partial<Call>> {
  return (await api.event.list({ requestId, limit: 1 })).items[0] ?? {};
}
