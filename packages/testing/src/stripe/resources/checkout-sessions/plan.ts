import type { Metadata } from '../../params/kinds.ts';

/** What completing a session makes, beside what the session itself shows. */
export type CheckoutPlan = {
  readonly description: string | null;
  readonly metadata: Metadata;
  readonly receiptEmail: string | null;
  readonly setupFutureUsage: 'off_session' | 'on_session' | null;
  readonly transferGroup: string | null;
};
