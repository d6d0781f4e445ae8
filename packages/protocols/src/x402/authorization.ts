import { z } from 'zod';
import { address, bytes32, uint256 } from '../evm/hex.ts';

/** What a payer signs: "whoever shows this may move `value` from me to `to`, once". Source: ERC-3009. */
export const authorization = z.object({
  from: address,
  to: address,
  /** In the token's smallest unit. */
  value: uint256,
  /** Unix seconds; usable strictly after `validAfter` and strictly before `validBefore`. */
  validAfter: uint256,
  validBefore: uint256,
  /** Random; the token refuses a nonce that this payer used before. */
  nonce: bytes32,
});
export type Authorization = z.output<typeof authorization>;

/** The wire form: integers as decimal strings. */
export function serializeAuthorization(value: Authorization): z.input<typeof authorization> {
  return {
    ...value,
    value: value.value.toString(),
    validAfter: value.validAfter.toString(),
    validBefore: value.validBefore.toString(),
  };
}
