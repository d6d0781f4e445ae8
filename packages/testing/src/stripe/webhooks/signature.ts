import { createHmac } from 'node:crypto';

/** The value of `Stripe-Signature`: when it was signed, in seconds, and the HMAC of that moment and the body. */
export function signatureOf(body: string, secret: string, timestamp: number): string {
  const v1 = createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex');
  return `t=${timestamp},v1=${v1}`;
}
