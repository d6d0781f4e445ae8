import { z } from 'zod';
import { nanoUsdText } from './json.ts';

const id = z.string().min(1).max(64);
const name = z.string().min(1).max(200);

/** A non-negative decimal without rounding, in nano-dollars. */
const exactNanoUsd = z.string().regex(/^\d{1,40}(\.\d{1,30})?$/);

/**
 * What one policy decided. `limit`, `before` and `after` are whole numbers of `unit` as text: what may be used, what was used
 * before this call, and with what it held. Null where the policy has no such limit.
 */
export const policyTrace = z.object({
  /** `<type>`, `<type>:<name>`, or the node of a budget or quota. */
  policy: name,
  type: z.string().min(1).max(64),
  /** Which of a policy's counters, where it has several. */
  counter: z.string().max(64).nullable(),
  level: z.enum(['api', 'route', 'plan', 'account']),
  decision: z.enum(['allowed', 'refused', 'would-refuse', 'not-reached']),
  shadow: z.boolean(),
  problem: z.string().max(64).nullable(),
  limit: z.string().max(20).nullable(),
  before: z.string().max(20).nullable(),
  after: z.string().max(20).nullable(),
  unit: z.enum(['nano-usd', 'calls', 'units']).nullable(),
});
export type PolicyTrace = z.output<typeof policyTrace>;

/** How usage became money: `amountNanoUsd` is the sum of the lines, rounded up once. */
export const priceTrace = z.object({
  lines: z
    .array(
      z.object({
        rateCard: z.string().max(64),
        meter: z.string().max(64),
        model: z.string().max(128).nullable(),
        quantity: z.string().max(40),
        nanoUsdPerUnit: exactNanoUsd,
        nanoUsd: exactNanoUsd,
      }),
    )
    .max(64),
  exactNanoUsd,
  amountNanoUsd: nanoUsdText,
});
export type PriceTrace = z.output<typeof priceTrace>;

/** The most policies that a trace names. */
export const TRACED_POLICIES_MAX = 128;

/**
 * Why one call was answered as it was. Made by a gateway of refused calls and of a sample of the others; it may be left out
 * under load, and no figure is made of it. Holds ids and limits: no body, no header, no key, no path but the route's template.
 * `eventId` is the usage event's, if the call was forwarded.
 */
export const callTrace = z.object({
  schemaVersion: z.literal(1),
  eventId: id,
  requestId: id,
  livemode: z.boolean(),
  providerId: id,
  /** Null: no key, or one that was not accepted. */
  customerId: id.nullable(),
  agentId: id.nullable(),
  keyId: id.nullable(),
  apiId: id,
  routeId: id,
  method: z.string().max(10),
  pathTemplate: z.string().max(2_048),
  snapshotVersion: z.int(),
  planVersionId: id.nullable(),
  outcome: z.enum(['refused', 'granted']),
  status: z.int().min(100).max(599),
  /** Slug of the problem that was answered. */
  problem: z.string().max(64).nullable(),
  /** Where the call came from; only when a filter of addresses refused it. */
  clientIp: z.string().max(64).nullable(),
  durationMs: z.number().nonnegative(),
  policies: z.array(policyTrace).max(TRACED_POLICIES_MAX),
  /** The most that the call could have cost: what was held for it, or asked for where it was refused. Null: not worked out. */
  worstCase: priceTrace.nullable(),
  /** What it used in the end; null where nothing was used or charged. */
  used: priceTrace.nullable(),
  chargedNanoUsd: nanoUsdText.nullable(),
  gateway: id,
  occurredAt: z.iso.datetime(),
});
export type CallTrace = z.output<typeof callTrace>;
