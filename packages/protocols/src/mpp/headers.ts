/** Names of MPP's headers, lower-cased as Node gives them. */
export const mppHeaders = {
  challenge: 'www-authenticate',
  credential: 'authorization',
  /** Carries the credential where `authorization` carries an API key; a challenge's `header` says so. */
  credentialBesideKey: 'payment-authorization',
  receipt: 'payment-receipt',
  accept: 'accept-payment',
} as const;

/** What a challenge's `header` is when the credential is to come beside an API key. */
export const credentialBesideKeyName = 'Payment-Authorization';
