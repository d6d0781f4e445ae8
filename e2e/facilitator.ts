import type { FacilitatorFaults } from '@tollwright/testing';
import { readLocal } from './local.ts';
import type { SignedPayment } from './payer.ts';

async function post(path: string, body: object): Promise<Record<string, unknown>> {
  const response = await fetch(`${readLocal().facilitatorUrl}${path}`, { method: 'POST', body: JSON.stringify(body) });
  return (await response.json()) as Record<string, unknown>;
}

/** Makes the local facilitator fail so often; without arguments it behaves again. */
export async function setFaults(faults: Partial<FacilitatorFaults> = {}): Promise<void> {
  await post('/_faults', faults);
}

/** Has a payment settled past the gateway, as anybody may who saw it. */
export async function settleDirectly(payment: SignedPayment): Promise<Record<string, unknown>> {
  const { x402Version, accepted } = payment;
  return post('/settle', { x402Version, paymentPayload: payment, paymentRequirements: accepted });
}
