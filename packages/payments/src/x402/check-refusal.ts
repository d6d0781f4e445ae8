import type { TransferMethod } from '@tollwright/protocols';

/** What each kind of signed words is refused for, in the codes of the x402 specification and of its reference facilitator. */
const refusals = {
  eip3009: {
    recipient: 'invalid_exact_evm_payload_recipient_mismatch',
    amount: 'invalid_exact_evm_payload_authorization_value_mismatch',
    ended: 'invalid_exact_evm_payload_authorization_valid_before',
    notBegun: 'invalid_exact_evm_payload_authorization_valid_after',
    signature: 'invalid_exact_evm_payload_signature',
  },
  permit2: {
    recipient: 'invalid_permit2_recipient_mismatch',
    amount: 'permit2_amount_mismatch',
    ended: 'permit2_deadline_expired',
    notBegun: 'permit2_not_yet_valid',
    signature: 'invalid_permit2_signature',
  },
} as const;

type Words = keyof (typeof refusals)['eip3009'];

/** Why a payment is refused without asking anyone. */
export type CheckRefusal =
  | (typeof refusals)[TransferMethod][Words]
  | 'erc6492_signature_not_supported'
  | 'extension_echo_mismatch'
  | 'invalid_network'
  | 'invalid_payment_identifier'
  | 'invalid_payment_requirements'
  | 'resource_mismatch'
  | 'invalid_permit2_spender'
  | 'permit2_token_mismatch'
  | 'unsupported_payload_type'
  | 'unsupported_scheme'
  | 'upto_facilitator_mismatch';

/** The codes for words of this kind. */
export function refusalsOf(method: TransferMethod): Readonly<Record<Words, CheckRefusal>> {
  return refusals[method];
}
