import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';

export const password = z
  .string()
  .min(10, 'must have at least 10 characters')
  .max(200)
  .meta({ description: 'At least 10 characters' });

const COST = 2 ** 15;
const BLOCK_SIZE = 8;
const KEY_BYTES = 32;

/** `scrypt.<cost>.<salt>.<key>`, base64url. */
export async function hashPassword(plain: string): Promise<string> {
  const salt = randomBytes(16);
  const key = await derive(plain, salt, COST);
  return ['scrypt', COST, salt.toString('base64url'), key.toString('base64url')].join('.');
}

/** Takes the same time whether or not there is a hash, so that nobody learns which addresses have accounts. */
export async function verifyPassword(plain: string, stored: string | null): Promise<boolean> {
  const [, cost, salt, key] = (stored ?? DUMMY).split('.');
  const wanted = Buffer.from(key ?? '', 'base64url');
  const got = await derive(plain, Buffer.from(salt ?? '', 'base64url'), Number(cost));
  return timingSafeEqual(got, wanted) && stored !== null;
}

const DUMMY = [
  'scrypt',
  COST,
  Buffer.alloc(16).toString('base64url'),
  Buffer.alloc(KEY_BYTES).toString('base64url'),
].join('.');

function derive(plain: string, salt: Buffer, cost: number): Promise<Buffer> {
  const options = { N: cost, r: BLOCK_SIZE, p: 1, maxmem: 256 * cost * BLOCK_SIZE };
  return new Promise((resolve, reject) => {
    scrypt(plain.normalize('NFKC'), salt, KEY_BYTES, options, (error, key) => (error ? reject(error) : resolve(key)));
  });
}
