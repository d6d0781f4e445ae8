import type { Challenge } from '@tollwright/payments';
import type { Guard } from '../../guard/guard.ts';
import { noteShadows, type RefusedSubject, refuseKeyed } from '../../pipeline/note-decision.ts';
import { admitStranger } from '../admit-stranger.ts';
import type { Door } from './door.ts';
import { type AccessCall, serveAccess } from './serve-access.ts';
import { welcome } from './welcome.ts';

/** A call at a door. */
export interface Caller extends Pick<AccessCall, 'visit' | 'api' | 'route' | 'body'> {
  readonly door: Door;
  readonly guard: Guard | null;
  readonly subject: RefusedSubject;
  readonly challenge: (reason: string) => Challenge;
}

/** `pays`: it was not answered, and pays as anybody, or as the wallet that signed in. */
export type Arrival = { readonly kind: 'answered' } | { readonly kind: 'pays'; readonly wallet: string };

const NOBODY: Arrival = { kind: 'pays', wallet: '' };
const ANSWERED: Arrival = { kind: 'answered' };

/** Answers a call that signs in, if it is let in or its sign-in is not good. */
export async function arrive(caller: Caller): Promise<Arrival> {
  const { visit, api, route, body, door, guard, subject, challenge } = caller;
  if (door.desk === null || door.proof === null) return NOBODY;
  const welcomed = await welcome(visit, { desk: door.desk, proof: door.proof, spot: door.spot }, challenge, subject);
  if (welcomed === null) return ANSWERED;
  const { visitor, access } = welcomed;
  if (access === null) return { kind: 'pays', wallet: visitor.address };
  const own = admitStranger(visit, guard, body);
  if (own.kind === 'refused') {
    refuseKeyed(visit, { problem: own.problem, subject });
    return ANSWERED;
  }
  noteShadows(visit, api, guard);
  try {
    await serveAccess({ visit, api, route, body, access, payer: visitor.address, edits: guard?.edits ?? [] });
  } finally {
    own.leave();
  }
  return ANSWERED;
}
