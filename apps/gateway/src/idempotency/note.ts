import { nanoUsdText } from '@tollwright/contracts';
import { type MasterKey, openSecret, sealSecret } from '@tollwright/contracts/sealed-secret';
import { z } from 'zod';
import type { Answer } from './answer-recorder.ts';

/** Why an answer is not there to be given again. */
const unstoredNote = z.object({
  requestId: z.string(),
  reason: z.enum(['streamed', 'too-large', 'cut', 'interrupted', 'too-many']),
  chargedNanoUsd: nanoUsdText,
});
export type UnstoredNote = z.output<typeof unstoredNote>;

const storedNote = z.object({
  requestId: z.string(),
  status: z.int(),
  headers: z.array(z.string()),
  body: z.base64(),
});

/** An answer with the id of the request that it was first given to. */
export interface StoredAnswer extends Answer {
  readonly requestId: string;
}

/** Who an answer belongs to: it opens for this provider and this call only. */
export interface NoteOwner {
  readonly providerId: string;
  readonly answerKey: string;
}

/** Stored answers are ciphertext: a state store holds no customer's data that can be read. */
export function sealAnswer(keys: readonly MasterKey[], owner: NoteOwner, { body, ...rest }: StoredAnswer): string {
  return sealSecret(keys, contextOf(owner), JSON.stringify({ ...rest, body: body.toString('base64') }));
}

/** Throws when it does not open: sealed with a key that is gone. */
export function openAnswer(keys: readonly MasterKey[], owner: NoteOwner, note: string): StoredAnswer {
  const { body, ...rest } = storedNote.parse(JSON.parse(openSecret(keys, contextOf(owner), note)));
  return { ...rest, body: Buffer.from(body, 'base64') };
}

export function writeUnstored(note: UnstoredNote): string {
  return JSON.stringify(note);
}

export function readUnstored(note: string): UnstoredNote {
  return unstoredNote.parse(JSON.parse(note));
}

function contextOf({ providerId, answerKey }: NoteOwner) {
  return { tenant: providerId, target: `answer:${answerKey}` };
}
