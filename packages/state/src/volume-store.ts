import type { DiscountPeriod, PaymentRecord } from '@tollwright/contracts';
import type { Volume } from '@tollwright/core';

/** Whose volume is asked for: on an API, in the UTC period in which a moment lies. `payer` as payments have it in `volumePayer`. */
export interface VolumeAsk {
  readonly apiId: string;
  readonly payer: string;
  readonly period: DiscountPeriod;
  readonly atMs: number;
}

/**
 * What payers have settled on an API, by the UTC day in which their payments began. There is nothing to record: a payment whose
 * record has `volumePayer` counts, once, while its claim is `settled`. What the store has lost does not count.
 */
export interface VolumeStore {
  read(ask: VolumeAsk): Promise<Volume>;
}

/** Whether a payment counts in its payer's volume. */
export function countsInVolume({ state, volumePayer }: Pick<PaymentRecord, 'state' | 'volumePayer'>): boolean {
  return state === 'settled' && volumePayer !== undefined;
}
