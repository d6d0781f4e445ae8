import Stripe from 'stripe';

/** Where Stripe's API is. `url` undefined: Stripe's own. `timeoutMs`: default 20,000. */
export type StripeAddress = { readonly url?: string | undefined; readonly timeoutMs?: number };

/** An account of Stripe that may be asked and charged. */
export type StripeClient = Stripe;

const clientsMax = 1_000;

/** The SDK, one instance a secret key. It never repeats a request by itself: callers decide what may be repeated. */
export class StripeClients {
  readonly #address: StripeAddress;
  readonly #clients = new Map<string, Stripe>();

  constructor(address: StripeAddress = {}) {
    this.#address = address;
  }

  of(secretKey: string): StripeClient {
    const known = this.#clients.get(secretKey);
    if (known !== undefined) return known;
    const { url, timeoutMs = 20_000 } = this.#address;
    const options = { maxNetworkRetries: 0, timeout: timeoutMs, telemetry: false };
    const client = new Stripe(secretKey, url === undefined ? options : { ...options, ...addressOf(url) });
    if (this.#clients.size >= clientsMax) this.#clients.clear();
    this.#clients.set(secretKey, client);
    return client;
  }
}

function addressOf(url: string) {
  const { hostname, port, protocol } = new URL(url);
  const scheme = protocol === 'http:' ? ('http' as const) : ('https' as const);
  return { host: hostname, protocol: scheme, port: port === '' ? (scheme === 'http' ? 80 : 443) : Number(port) };
}
