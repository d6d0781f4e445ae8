import { keccak_256 } from '@noble/hashes/sha3.js';

/** An EIP-712 domain: the contract on a chain for which something is signed. */
export type TypedDataDomain = {
  readonly name: string;
  /** Left out where the contract's domain has none. */
  readonly version?: string;
  readonly chainId: bigint;
  readonly verifyingContract: string;
};

const domainTypeHash = textHash('EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)');
const unversionedTypeHash = textHash('EIP712Domain(string name,uint256 chainId,address verifyingContract)');
const separatorsMax = 1_000;
const separators = new Map<string, string>();

/**
 * The 32 bytes that are signed for a struct. `structWords` is hex without a prefix: the hash of its type, then its members
 * as words of 32 bytes. Source: EIP-712.
 */
export function typedDataDigest(domain: TypedDataDomain, structWords: string): Uint8Array {
  return keccak_256(Buffer.from(`1901${domainSeparator(domain)}${keccakHex(structWords)}`, 'hex'));
}

/** Keccak-256 of a text in UTF-8, such as the declaration of a type: 64 hex digits, no prefix. */
export function textHash(declaration: string): string {
  return Buffer.from(keccak_256(Buffer.from(declaration, 'utf8'))).toString('hex');
}

/** Keccak-256 of bytes given in hex without a prefix, in the same form. */
export function keccakHex(hex: string): string {
  return Buffer.from(keccak_256(Buffer.from(hex, 'hex'))).toString('hex');
}

/** An address (`0x`, 40 digits) as a word of 64 hex digits. */
export function addressWord(address: string): string {
  return address.slice(2).padStart(64, '0');
}

/** An unsigned integer below 2^256 as a word. */
export function integerWord(value: bigint): string {
  return value.toString(16).padStart(64, '0');
}

function domainSeparator(domain: TypedDataDomain): string {
  const { name, version } = domain;
  const key = JSON.stringify([name, version, domain.chainId.toString(), domain.verifyingContract]);
  const known = separators.get(key);
  if (known !== undefined) return known;
  const separator = keccakHex(
    (version === undefined ? unversionedTypeHash : domainTypeHash) +
      textHash(name) +
      (version === undefined ? '' : textHash(version)) +
      integerWord(domain.chainId) +
      addressWord(domain.verifyingContract),
  );
  if (separators.size >= separatorsMax) separators.clear();
  separators.set(key, separator);
  return separator;
}
