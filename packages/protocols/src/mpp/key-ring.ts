import { createSecretKey, type KeyObject } from 'node:crypto';

/** The secrets that bind challenges: the first signs, and all verify, so that a rotation ends no challenge early. */
export type MppKeyRing = readonly [current: KeyObject, ...previous: KeyObject[]];

const secretBytesMin = 32;

/** Makes a key ring. A secret that is a text counts by its UTF-8 bytes. Throws RangeError for less than 32 bytes. */
export function mppKeyRing(current: string | Uint8Array, previous: readonly (string | Uint8Array)[] = []): MppKeyRing {
  return [keyOf(current), ...previous.map(keyOf)];
}

function keyOf(secret: string | Uint8Array): KeyObject {
  const bytes = Buffer.from(secret);
  if (bytes.length < secretBytesMin) throw new RangeError(`a secret of MPP needs ${secretBytesMin} bytes`);
  return createSecretKey(bytes);
}
