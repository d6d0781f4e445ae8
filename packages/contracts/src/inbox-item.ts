import { z } from 'zod';
import { paymentRecord } from './payment.ts';
import { paymentTally } from './payment-tally.ts';
import { approvalAsk } from './step-up.ts';
import { usageEvent } from './usage-event.ts';

/** What travels from a gateway's spool to Postgres, in the order of the spool. */
export const inboxItem = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('usage'), event: usageEvent }),
  z.object({ kind: z.literal('payment'), payment: paymentRecord }),
  z.object({ kind: z.literal('tally'), tally: paymentTally }),
  z.object({ kind: z.literal('approval-ask'), ask: approvalAsk }),
]);
export type InboxItem = z.output<typeof inboxItem>;
