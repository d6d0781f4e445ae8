const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const RANDOM_LENGTH = 32;
const CHECKSUM_LENGTH = 6;
const KEY = /^([a-z][a-z0-9]{1,15})_(live|test)_([0-9A-Za-z]{30,64})([0-9A-Za-z]{6})$/;

/** A key taken apart: `<prefix>_<live|test>_<random><checksum>`. Only the SHA-256 of the whole key is ever stored. */
export interface ParsedKey {
  readonly prefix: string;
  readonly livemode: boolean;
}

/** Makes a key from at least 64 random bytes. Bytes above 247 are skipped so that every character is equally likely. */
export function makeKey(prefix: string, livemode: boolean, random: Uint8Array): string {
  let body = '';
  for (const byte of random) {
    if (byte < 248 && body.length < RANDOM_LENGTH) body += BASE62[byte % 62];
  }
  if (body.length < RANDOM_LENGTH) throw new RangeError('a key needs more random bytes');
  const head = `${prefix}_${livemode ? 'live' : 'test'}_${body}`;
  return head + checksum(head);
}

/** Takes a key apart, or null when its shape or its checksum is wrong; needs no look-up. */
export function parseKey(key: string): ParsedKey | null {
  const match = KEY.exec(key);
  if (!match) return null;
  const head = key.slice(0, -CHECKSUM_LENGTH);
  if (checksum(head) !== match[4]) return null;
  return { prefix: match[1] ?? '', livemode: match[2] === 'live' };
}

/** What a list of keys may show: everything up to the random part, and the last four characters. */
export function keyHint(key: string): { start: string; last4: string } {
  const start = key.lastIndexOf('_') + 1;
  return { start: key.slice(0, start + 4), last4: key.slice(-4) };
}

const TABLE = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

/** CRC-32 (IEEE) of ASCII text as six base62 characters. */
export function checksum(text: string): string {
  let crc = 0xffffffff;
  for (let i = 0; i < text.length; i++) crc = (crc >>> 8) ^ (TABLE[(crc ^ text.charCodeAt(i)) & 255] ?? 0);
  let value = (crc ^ 0xffffffff) >>> 0;
  let out = '';
  for (let i = 0; i < CHECKSUM_LENGTH; i++) {
    out = BASE62[value % 62] + out;
    value = Math.floor(value / 62);
  }
  return out;
}
