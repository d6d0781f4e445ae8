import { expect, it } from 'vitest';
import { keyHash } from './key-hash.ts';

it('keyHash: lower-case hex SHA-256 (FIPS 180-2, example B.1)', () => {
  expect(keyHash('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});
