import { fieldName, usdDecimal } from '@tollwright/contracts';
import { type Cycle, cycleAt, type Period, type Problem, type RateCard } from '@tollwright/core';
import { z } from 'zod';
import { wholeNumber } from '../option-fields.ts';
import { ALLOWED, type ChargeOf, type LimitRefusal, retryAfterSeconds, UNLIMITED } from '../policy.ts';
import type { PolicyCall } from '../policy-call.ts';
import { definePolicy, type LimitReply } from '../policy-type.ts';

const options = z.object({
  name: fieldName.default('units').describe('What the quota is of, as people read it: tokens, calls, pages.'),
  meters: z.array(fieldName).min(1).max(8).describe('Meters whose quantities are added up.'),
  limit: wholeNumber.describe('Most units in each period.'),
  period: z
    .enum(['hour', 'day', 'week', 'month', 'billing-cycle'])
    .default('month')
    .describe(
      'How long the quota runs. Hours to months in UTC; billing cycles begin on the day of the first subscription.',
    ),
  anchor: z
    .union([z.iso.datetime(), z.literal('')])
    .default('')
    .describe(
      "A moment at which a period begins. Empty: the calendar's, or for billing cycles the first subscription's.",
    ),
  by: z.enum(['customer', 'agent', 'key']).default('customer').describe('Whose use is added up.'),
  onExhausted: z
    .enum(['reject', 'overflow', 'overage', 'notify'])
    .default('reject')
    .describe(
      'Reject answers 429. Overflow asks to pay for each call (402). Overage admits at the price below. Notify admits and announces.',
    ),
  overageUsdPerUnit: usdDecimal.default('0').describe('Overage only: dollars for each unit beyond the limit.'),
});
type Options = z.output<typeof options>;

export const quotaType = definePolicy({
  type: 'quota',
  title: 'Quota',
  summary: 'Limits what may be used in a period, and says what happens then.',
  options,
  levels: ['api', 'plan'],
  mayShadow: false,
  stacking: 'by-name',
  phase: 'head',
  create(own, { level, apiId }) {
    const scope = level === 'api' ? apiId : 'plan';
    const limit = BigInt(own.limit);
    const meters = new Set(own.meters);
    const charge: ChargeOf = (priced) => {
      let sum = 0n;
      for (const { meter, quantity } of priced?.quantities ?? []) if (meters.has(meter)) sum += quantity;
      return sum;
    };
    const watch = own.onExhausted === 'notify' ? { limit, thresholds: [100] } : null;
    const asked = own.onExhausted === 'notify' ? UNLIMITED : limit;
    return {
      decide: () => ALLOWED,
      ask: (call, units) => {
        const node = nodeOf(own, scope, call);
        if (node === null) return [];
        const ask = { ...node, kind: 'quota' as const, limit: asked, amount: units(meters) };
        const cycle = cycleOf(own, call);
        const ends = cycle === null ? {} : { endsAtMs: cycle.endsAtMs };
        return [{ kind: 'hold', ask, charge, ...ends, ...(watch === null ? {} : { watch }) }];
      },
      limited: (refusal, call, nowMs) => limited(own, refusal, call, nowMs),
    };
  },
});

/** An anchored period has no name in the store: it is part of the node's, which then runs without end. */
function nodeOf(
  own: Options,
  scope: string,
  call: PolicyCall,
): { readonly node: string; readonly period: Period } | null {
  const { principal } = call;
  if (principal === null) return null;
  const { customer, key } = principal;
  const subject = own.by === 'customer' ? customer.customerId : own.by === 'agent' ? key.agentId : key.keyId;
  const node = `quota:${scope}:${subject}:${own.name}`;
  const cycle = cycleOf(own, call);
  return cycle === null
    ? { node, period: own.period === 'billing-cycle' ? 'month' : own.period }
    : { node: `${node}@${new Date(cycle.startsAtMs).toISOString()}`, period: 'total' };
}

/** The anchored period that a call falls in; null runs with the calendar, by the store's clock. */
function cycleOf({ anchor, period }: Options, { principal, nowMs }: PolicyCall): Cycle | null {
  const ofSubscription = period === 'billing-cycle' ? principal?.customer.billingAnchorAtMs : undefined;
  const anchorAtMs = anchor === '' ? ofSubscription : Date.parse(anchor);
  return anchorAtMs === undefined ? null : cycleAt(period === 'billing-cycle' ? 'month' : period, anchorAtMs, nowMs);
}

function limited(own: Options, refusal: LimitRefusal, call: PolicyCall, nowMs: number): LimitReply {
  if (refusal.kind !== 'node') throw new Error('a quota asks for nodes only');
  if (own.onExhausted === 'overage') return { kind: 'overage', rateCards: overageCards(own) };
  const problem = problemOf(own, refusal, call, nowMs);
  const overflows = own.onExhausted === 'overflow' && refusal.refusal.kind === 'exhausted';
  return { kind: overflows ? 'pay-per-call' : 'refused', problem };
}

function problemOf(
  own: Options,
  { refusal: { kind, node } }: Extract<LimitRefusal, { kind: 'node' }>,
  call: PolicyCall,
  nowMs: number,
): Problem {
  const rest = node.limit - node.spent - node.held;
  const endsAtMs = cycleOf(own, call)?.endsAtMs ?? node.endsAtMs;
  const detail =
    kind === 'held'
      ? `Running calls hold the rest of ${own.name}; this call may need more than is free.`
      : `${node.spent} of ${node.limit} ${own.name} are used in this ${own.period}; this call may need more than the rest.`;
  return {
    slug: kind === 'held' ? 'quota-held' : 'quota-exhausted',
    detail,
    members: {
      exhausted: own.name,
      limit: node.limit.toString(),
      remaining: (rest > 0n ? rest : 0n).toString(),
      resetAt: endsAtMs === null ? null : new Date(endsAtMs).toISOString(),
    },
    retryAfterSeconds: retryAfterSeconds(kind, endsAtMs, nowMs),
  };
}

function overageCards({ name, meters, overageUsdPerUnit }: Options): RateCard[] {
  return meters.map((meter) => ({
    key: `overage_${name}_${meter}`,
    name: `${name} beyond the quota`,
    price: { kind: 'per-unit', meter, usdPerUnit: overageUsdPerUnit },
  }));
}
