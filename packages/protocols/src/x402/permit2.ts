import { z } from 'zod';
import { address, uint256 } from '../evm/hex.ts';
import { addressWord, integerWord, keccakHex, textHash, typedDataDigest } from '../evm/typed-data.ts';
import type { X402Scheme } from './offer.ts';

/** The contract that moves tokens by signature: the same address on every chain. */
export const permit2Address = '0x000000000022D473030F116dDEE9F6B43aC78BA3';

/** The proxies of x402, the only spenders that a payer permits: each binds the recipient that the payer signed. */
export const permit2Proxies: Readonly<Record<X402Scheme, string>> = {
  exact: '0x402085c248EeA27D92E8b30b2C58ed07f9E20001',
  upto: '0x4020A4f3b7b90ccA423B9fabCc0CE57C6C240002',
};

/**
 * What a payer signs: "`spender` may move `amount` of `token` from me to `witness.to`, once". `witness.facilitator`, the only
 * sender that the proxy of `upto` obeys, is there for that scheme and no other. Source: Permit2, SignatureTransfer.
 */
export const permit2Authorization = z.object({
  from: address,
  /** In the token's smallest unit. */
  permitted: z.object({ token: address, amount: uint256 }),
  spender: address,
  /** Unordered and random: Permit2 refuses one that this owner used before, with whatever token. */
  nonce: uint256,
  /** Unix seconds; usable from `validAfter` to `deadline`, both included. */
  deadline: uint256,
  witness: z.object({ to: address, facilitator: address.optional(), validAfter: uint256 }),
});
export type Permit2Authorization = z.output<typeof permit2Authorization>;

/** The wire form: integers as decimal strings. */
export function serializePermit2Authorization(value: Permit2Authorization): z.input<typeof permit2Authorization> {
  return {
    ...value,
    permitted: { ...value.permitted, amount: value.permitted.amount.toString() },
    nonce: value.nonce.toString(),
    deadline: value.deadline.toString(),
    witness: { ...value.witness, validAfter: value.witness.validAfter.toString() },
  };
}

const permissionsType = 'TokenPermissions(address token,uint256 amount)';
const witnessTypes = {
  exact: 'Witness(address to,uint256 validAfter)',
  upto: 'Witness(address to,address facilitator,uint256 validAfter)',
};
const permissionsTypeHash = textHash(permissionsType);
const typeHashes = {
  exact: { witness: textHash(witnessTypes.exact), permit: permitTypeHash(witnessTypes.exact) },
  upto: { witness: textHash(witnessTypes.upto), permit: permitTypeHash(witnessTypes.upto) },
};

/** The 32 bytes that a payer signs on a chain. Source: EIP-712, Permit2. */
export function permit2Digest(chainId: bigint, value: Permit2Authorization): Uint8Array {
  const { permitted, witness } = value;
  const { facilitator } = witness;
  const hashes = facilitator === undefined ? typeHashes.exact : typeHashes.upto;
  const permissions = permissionsTypeHash + addressWord(permitted.token) + integerWord(permitted.amount);
  const bound =
    hashes.witness +
    addressWord(witness.to) +
    (facilitator === undefined ? '' : addressWord(facilitator)) +
    integerWord(witness.validAfter);
  const words =
    hashes.permit +
    keccakHex(permissions) +
    addressWord(value.spender) +
    integerWord(value.nonce) +
    integerWord(value.deadline) +
    keccakHex(bound);
  return typedDataDigest({ name: 'Permit2', chainId, verifyingContract: permit2Address }, words);
}

function permitTypeHash(witnessType: string): string {
  const members = 'TokenPermissions permitted,address spender,uint256 nonce,uint256 deadline,Witness witness';
  return textHash(`PermitWitnessTransferFrom(${members})${permissionsType}${witnessType}`);
}
