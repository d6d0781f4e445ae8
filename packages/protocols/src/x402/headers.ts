/** Names of the x402 headers, lower-cased as Node gives them. Version 1's begin with `x-`. */
export const x402Headers = {
  required: 'payment-required',
  paymentV1: 'x-payment',
  paymentV2: 'payment-signature',
  receiptV1: 'x-payment-response',
  receiptV2: 'payment-response',
} as const;
