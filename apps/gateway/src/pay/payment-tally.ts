import type { PaymentCount, PaymentLoss, PaymentRail } from '@tollwright/contracts';
import type { Offer } from '@tollwright/payments';
import type { CompiledApi } from '../snapshot/compiled-api.ts';
import { tallyItemJson } from '../spool/record-json.ts';
import type { Spool } from '../spool/spool.ts';

const BUCKET_MS = 15 * 60_000;
const FLUSH_EVERY_MS = 1_000;

type Counted = Omit<PaymentCount, 'count'> & { readonly providerId: string; count: number };

/**
 * Counts what leaves no event of its own: 402s that were answered, and credentials that were shown and not claimed. Once a
 * second what was counted goes into the spool as one item for each provider, whatever the load; a gateway that is killed
 * loses the counts of that second.
 */
export class PaymentTally {
  readonly #gateway: string;
  readonly #spool: Spool;
  readonly #onError: (error: unknown) => void;
  #counts = new Map<string, Counted>();
  #timer: NodeJS.Timeout | undefined;

  constructor(gateway: string, spool: Spool, onError: (error: unknown) => void) {
    this.#gateway = gateway;
    this.#spool = spool;
    this.#onError = onError;
  }

  start(): void {
    this.#timer = setInterval(() => this.flush(), FLUSH_EVERY_MS);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.flush();
  }

  /** A 402 was answered with these offers: once for each of their rails, and once for all. */
  asked(api: CompiledApi, offers: readonly Offer[], atMs: number): void {
    for (const rail of new Set(offers.map((offer) => offer.rail))) this.#add(api, atMs, 'asked', rail, null);
    this.#add(api, atMs, 'asked', null, null);
  }

  /** A credential was shown, and not claimed. `rail` null: it could not be read. */
  refused(api: CompiledApi, rail: PaymentRail | null, loss: PaymentLoss, atMs: number): void {
    this.#add(api, atMs, 'refused', rail, loss);
  }

  /** Writes down what was counted since the last time. */
  flush(): void {
    if (this.#counts.size === 0) return;
    const providers = new Map<string, PaymentCount[]>();
    for (const { providerId, ...count } of this.#counts.values()) {
      const counts = providers.get(providerId) ?? [];
      providers.set(providerId, counts);
      counts.push(count);
    }
    this.#counts = new Map();
    for (const [providerId, counts] of providers) {
      const tally = { schemaVersion: 1, providerId, gateway: this.#gateway, counts } as const;
      this.#spool.record(tallyItemJson(tally), false, (error) => (error ? this.#onError(error) : undefined));
    }
  }

  #add(
    { snapshot }: CompiledApi,
    atMs: number,
    step: PaymentCount['step'],
    rail: PaymentRail | null,
    loss: PaymentLoss | null,
  ): void {
    const { providerId, apiId, livemode } = snapshot;
    const bucketMs = Math.floor(atMs / BUCKET_MS) * BUCKET_MS;
    const key = `${apiId} ${livemode} ${bucketMs} ${step} ${rail} ${loss}`;
    const found = this.#counts.get(key);
    if (found !== undefined) {
      found.count += 1;
      return;
    }
    const bucketAt = new Date(bucketMs).toISOString();
    this.#counts.set(key, { providerId, apiId, livemode, bucketAt, step, rail, loss, count: 1 });
  }
}
