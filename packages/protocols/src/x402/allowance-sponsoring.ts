import type { X402Extension } from './extensions.ts';

/** The extension by which a payer whom Permit2 may not debit yet signs that along, and the facilitator pays for writing it down. */
export const allowanceSponsoringKey = 'eip2612GasSponsoring';

/** Its declaration in a challenge, for tokens that know ERC-2612. */
export const allowanceSponsoring: X402Extension = {
  info: { description: 'A permit by ERC-2612 for Permit2 is sent along with the payment.', version: '1' },
  schema: {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    properties: { from: { type: 'string' }, asset: { type: 'string' }, amount: { type: 'string' } },
  },
};
