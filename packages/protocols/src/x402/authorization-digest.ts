import { addressWord, integerWord, type TypedDataDomain, textHash, typedDataDigest } from '../evm/typed-data.ts';
import type { Authorization } from './authorization.ts';

/** The EIP-712 domain of a token on a chain. */
export type TokenDomain = TypedDataDomain;

const authorizationTypeHash = textHash(
  'TransferWithAuthorization(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce)',
);

/** The 32 bytes that a payer signs for an authorization of this token. Source: EIP-712, ERC-3009. */
export function authorizationDigest(domain: TokenDomain, value: Authorization): Uint8Array {
  const words =
    authorizationTypeHash +
    addressWord(value.from) +
    addressWord(value.to) +
    integerWord(value.value) +
    integerWord(value.validAfter) +
    integerWord(value.validBefore) +
    value.nonce.slice(2);
  return typedDataDigest(domain, words);
}
