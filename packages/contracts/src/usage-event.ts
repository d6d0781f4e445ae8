import { z } from 'zod';
import { counterText, counterValue, nanoUsdAmount } from './json.ts';
import { PAYMENT_RAILS } from './payment.ts';

const id = z.string().min(1).max(64);
const eventData = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));

/** What one limit node was charged, in the period in which the call reserved. `amount` <= what was held. */
export const charge = z.object({ node: z.string(), periodId: z.string(), amount: counterValue });

/**
 * What one rate card of the plan added to `ratedNanoUsd`, of which these are the parts. `quantity` is in units of its meter; `model`
 * is absent where no model was named.
 */
export const ratedLine = z.object({
  rateCardKey: z.string(),
  meter: z.string(),
  model: z.string().optional(),
  quantity: counterValue,
  amountNanoUsd: nanoUsdAmount,
});

/**
 * A limit that reached a threshold. `id` is the same however often, and by whichever gateway, it is noticed. `limit` and `used`
 * are nano-dollars of a budget (`budget:<id>`) or units of a quota, as decimal text.
 */
export const notice = z.object({
  kind: z.literal('threshold'),
  id: z.string(),
  node: z.string(),
  periodId: z.string(),
  percent: z.int().min(1).max(1_000),
  limit: counterText,
  used: counterText,
});
export type Notice = Readonly<z.output<typeof notice>>;

/**
 * One forwarded call, frozen as v1. Holds ids, never personal data. `eventId` is (spool id, call number).
 * `data` carries what extractors wrote (`model`, `input_tokens`, ...) plus `route`, `status`, `bytes_in`, `bytes_out` and
 * `duration_ms` (whole milliseconds, rounded up), for meters.
 * `notices` are the thresholds that the call reached; absent: none. `lines` are the parts of the price; absent: nothing was priced.
 * `ratedNanoUsd` is what the call is worth; `chargedNanoUsd` was charged: to the customer under the plan, or else to the payer of the payment,
 * whose `customerId` is that of a key beside it. The rest is `shortfallNanoUsd`.
 */
export const usageEvent = z.object({
  schemaVersion: z.literal(1),
  eventId: id,
  requestId: id,
  type: z.string(),
  livemode: z.boolean(),
  providerId: id,
  customerId: id.nullable(),
  agentId: id.nullable(),
  parentAgentId: id.nullable(),
  projectId: id.nullable(),
  sessionId: z.string().max(128).nullable(),
  keyId: id.nullable(),
  payer: z.string().max(64).nullable(),
  apiId: id,
  routeId: id,
  snapshotVersion: z.int(),
  planVersionId: id.nullable(),
  data: eventData,
  bytesIn: z.int().nonnegative(),
  bytesOut: z.int().nonnegative(),
  durationMs: z.number().nonnegative(),
  firstByteMs: z.number().nonnegative().nullable(),
  estimated: z.boolean(),
  ratedNanoUsd: nanoUsdAmount,
  chargedNanoUsd: nanoUsdAmount,
  shortfallNanoUsd: nanoUsdAmount,
  costNanoUsd: nanoUsdAmount.nullable(),
  charges: z.array(charge),
  notices: z.array(notice).optional(),
  lines: z.array(ratedLine).optional(),
  rail: z.enum(['plan', ...PAYMENT_RAILS, 'none']),
  paymentId: id.nullable(),
  decision: z.enum(['forwarded', 'interrupted']),
  status: z.int(),
  upstreamStatus: z.int().nullable(),
  gateway: id,
  occurredAt: z.iso.datetime(),
});
export type UsageEvent = z.output<typeof usageEvent>;
export type Charge = z.output<typeof charge>;
export type RatedEventLine = z.output<typeof ratedLine>;
