import { keccak_256 } from '@noble/hashes/sha3.js';
import type { Authorization } from './authorization.ts';

/** The EIP-712 domain of a token on a chain. */
export type TokenDomain = {
  readonly name: string;
  readonly version: string;
  readonly chainId: bigint;
  readonly verifyingContract: string;
};

const domainTypeHash = hashText(
  'EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)',
).toString('hex');
const authorizationTypeHash = hashText(
  'TransferWithAuthorization(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce)',
).toString('hex');

const separatorsMax = 1_000;
const separators = new Map<string, string>();

/** The 32 bytes that a payer signs for an authorization of this token. Source: EIP-712, ERC-3009. */
export function authorizationDigest(domain: TokenDomain, value: Authorization): Uint8Array {
  const struct = keccakHex(
    authorizationTypeHash +
      addressWord(value.from) +
      addressWord(value.to) +
      integerWord(value.value) +
      integerWord(value.validAfter) +
      integerWord(value.validBefore) +
      value.nonce.slice(2),
  );
  return keccak_256(Buffer.from(`1901${domainSeparator(domain)}${struct}`, 'hex'));
}

function domainSeparator(domain: TokenDomain): string {
  const key = JSON.stringify([domain.name, domain.version, domain.chainId.toString(), domain.verifyingContract]);
  const known = separators.get(key);
  if (known !== undefined) return known;
  const separator = keccakHex(
    domainTypeHash +
      hashText(domain.name).toString('hex') +
      hashText(domain.version).toString('hex') +
      integerWord(domain.chainId) +
      addressWord(domain.verifyingContract),
  );
  if (separators.size >= separatorsMax) separators.clear();
  separators.set(key, separator);
  return separator;
}

function hashText(text: string): Buffer {
  return Buffer.from(keccak_256(Buffer.from(text, 'utf8')));
}

function keccakHex(hex: string): string {
  return Buffer.from(keccak_256(Buffer.from(hex, 'hex'))).toString('hex');
}

function addressWord(address: string): string {
  return address.slice(2).padStart(64, '0');
}

function integerWord(value: bigint): string {
  return value.toString(16).padStart(64, '0');
}
