import { createECDH } from 'node:crypto';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { z } from 'zod';

/** An address of an EVM chain. Mixed case must carry its EIP-55 checksum, which catches a mistyped digit. */
export const evmAddress = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}$/, { error: 'must be 0x and 40 hex digits', abort: true })
  .refine((text) => isOneCase(text) || text === checksumAddress(text), 'has a wrong checksum: check it digit by digit')
  .refine((text) => BigInt(text) !== 0n, 'is the zero address: what is sent there is lost');

/** Writes an address in the mixed case of EIP-55. */
export function checksumAddress(address: string): string {
  const digits = address.slice(2).toLowerCase();
  const hash = keccak_256(new TextEncoder().encode(digits));
  let out = '0x';
  for (let index = 0; index < digits.length; index += 1) {
    const byte = hash[index >> 1] ?? 0;
    const nibble = index % 2 === 0 ? byte >> 4 : byte & 15;
    const digit = digits[index] ?? '';
    out += nibble >= 8 ? digit.toUpperCase() : digit;
  }
  return out;
}

/** The address of a private key, in the mixed case of EIP-55. Throws when there is no such key. */
export function addressOfKey(privateKey: string): string {
  const pair = createECDH('secp256k1');
  pair.setPrivateKey(privateKey.slice(2), 'hex');
  const hash = keccak_256(pair.getPublicKey().subarray(1));
  return checksumAddress(`0x${Buffer.from(hash.subarray(12)).toString('hex')}`);
}

function isOneCase(address: string): boolean {
  const digits = address.slice(2);
  return digits === digits.toLowerCase() || digits === digits.toUpperCase();
}
