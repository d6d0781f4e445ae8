import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import Stripe from 'stripe';
import { afterAll } from 'vitest';
import { type StripeDouble, type StripeDoubleOptions, startStripeDouble } from './stripe-double.ts';

/** The version that knows shared payment tokens. */
export const previewVersion = '2026-07-29.preview';

/** A double with the real SDK before it; it is closed after the suite. The SDK repeats nothing by itself. */
export async function openDouble(options: Partial<StripeDoubleOptions> = {}) {
  const double = await startStripeDouble({ port: 0, ...options });
  afterAll(() => double.close());
  return { double, ...clientsOf(double), control: controlOf(double) };
}

function clientsOf({ port }: StripeDouble) {
  const place = { host: '127.0.0.1', port, protocol: 'http' as const, maxNetworkRetries: 0, telemetry: false };
  const stripe = new Stripe('sk_test_double', place);
  const preview = new Stripe('sk_test_double', { ...place, apiVersion: previewVersion as typeof Stripe.API_VERSION });
  return { stripe, preview };
}

/** Calls a verb of the control plane. */
function controlOf({ url }: StripeDouble) {
  return async (method: string, path: string, body?: object): Promise<Record<string, unknown>> => {
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const response = await fetch(`${url}/_double${path}`, { method, ...sent });
    const answer = (await response.json()) as Record<string, unknown>;
    if (!response.ok) throw new Error(`${response.status} ${String(answer.error)}`);
    return answer;
  };
}

/** What the SDK throws, as the fields that say why. Fails when nothing is thrown. */
export async function refusalOf(call: Promise<unknown>): Promise<InstanceType<typeof Stripe.errors.StripeError>> {
  try {
    await call;
  } catch (error) {
    if (error instanceof Stripe.errors.StripeError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

/** A shared payment token as an agent would grant it: for 10 dollars and an hour unless told otherwise. */
export async function grantToken(
  preview: Stripe,
  {
    method = 'pm_card_visa',
    currency = 'usd',
    maxAmount = 1000,
    expiresAt = Math.floor(Date.now() / 1000) + 3600,
  } = {},
) {
  const token = await preview.rawRequest('POST', '/v1/test_helpers/shared_payment/granted_tokens', {
    payment_method: method,
    usage_limits: { currency, max_amount: maxAmount, expires_at: expiresAt },
    seller_details: { network_id: 'profile_test_seller', external_id: 'order-1' },
  });
  return token as unknown as { id: string } & Record<string, unknown>;
}

/** One webhook as it came. */
export type ReceivedWebhook = { body: string; headers: IncomingHttpHeaders; signature: string };

/** A server that keeps every webhook. `answers` are the next statuses to give; 200 after them. */
export async function openReceiver() {
  const received: ReceivedWebhook[] = [];
  const answers: number[] = [];
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const body = Buffer.concat(parts).toString('utf8');
    received.push({ body, headers: request.headers, signature: String(request.headers['stripe-signature']) });
    response.writeHead(answers.shift() ?? 200).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, received, answers };
}
