import { NANO_USD_PER_USD, nanoUsd, type Period, type Problem } from '@tollwright/core';
import { z } from 'zod';
import { policyName } from '../option-fields.ts';
import { ALLOWED, type Effect, type HoldWords, type LimitRefusal, retryAfterSeconds } from '../policy.ts';
import type { PolicyCall, PolicyOutcome } from '../policy-call.ts';
import { definePolicy, type PolicyContext } from '../policy-type.ts';

const counter = z
  .object({
    name: z
      .string()
      .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'must be lower-case words joined by hyphens')
      .max(48)
      .describe('Name of the counter, as refusals show it.'),
    counts: z
      .enum(['requests', 'input_tokens', 'output_tokens', 'total_tokens', 'bytes_out', 'usd', 'field'])
      .describe(
        'What each answer adds: its tokens as metered, its charge in dollars, its bytes, or a field that an extractor reads.',
      ),
    field: z
      .string()
      .regex(/^([a-z][a-z0-9]*(_[a-z0-9]+)*)?$/, 'must be lower-case words joined by underscores')
      .max(48)
      .default('')
      .describe('The field, where a field is counted.'),
    limit: z
      .string()
      .regex(/^\d{1,15}(\.\d{1,9})?$/, { error: 'must be a number such as 100000 or 0.50', abort: true })
      .describe('Most in each period: units, or dollars where usd is counted.'),
    period: z.enum(['minute', 'hour', 'day']).default('minute').describe('How long the counter runs, in UTC.'),
  })
  .refine((own) => unitsOf(own) <= 9_000_000_000_000_000n, {
    path: ['limit'],
    message: 'must be at most 9000000000000000 units, or 9000000 dollars',
  });
type Counter = z.output<typeof counter>;

const options = z.object({
  name: policyName,
  by: z.enum(['customer', 'agent', 'key']).default('customer').describe('Whose calls are counted together.'),
  counters: z
    .array(counter)
    .min(1)
    .max(8)
    .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, 'must have different names')
    .describe('All of them hold at once.'),
  maxInFlight: z
    .int()
    .min(1)
    .max(100_000)
    .default(100)
    .describe('Most calls that run at once. A counter may pass its limit by what these calls add, and no further.'),
});
type Options = z.output<typeof options>;

export const complexRateLimit = definePolicy({
  type: 'complex-rate-limit',
  title: 'Counters',
  summary: 'Limits tokens, dollars or other figures of answers in a period, several at once.',
  options,
  levels: ['api', 'route', 'plan'],
  mayShadow: true,
  stacking: 'by-name',
  phase: 'head',
  create(own, context) {
    const scope = scopeOf(own, context);
    const counters = own.counters.map((item) => ({ ...item, units: unitsOf(item) }));
    return {
      decide: () => ALLOWED,
      ask: (call) => {
        const subject = subjectOf(own, call);
        if (subject === null) return [];
        const running = `in-flight:${scope}:${subject}`;
        return [
          hold(running, 'hour', BigInt(own.maxInFlight), { unit: 'calls', counter: 'in-flight' }),
          ...counters.map(({ name, period, units, counts }) =>
            hold(`count:${scope}:${name}:${subject}`, period, units, { unit: countedIn(counts), counter: name }),
          ),
        ];
      },
      limited: (refusal, _call, nowMs) => ({ kind: 'refused', problem: problemOf(own, refusal, nowMs) }),
      observe: (outcome, call) => {
        const subject = subjectOf(own, call);
        if (subject === null) return [];
        return counters.flatMap((item): Effect[] => {
          const amount = amountOf(item, outcome);
          const node = `count:${scope}:${item.name}:${subject}`;
          return amount === 0n ? [] : [{ kind: 'increment', increment: { node, period: item.period, amount } }];
        });
      },
    };
  },
});

const nothing = () => 0n;

/** Admits while something is left: 1 is held while the call runs and never charged; what it really adds comes after. */
function hold(node: string, period: Period, limit: bigint, told: HoldWords): Effect {
  return { kind: 'hold', ask: { node, kind: 'quota', period, limit, amount: 1n }, charge: nothing, told };
}

function countedIn(counts: Counter['counts']): HoldWords['unit'] {
  return counts === 'usd' ? 'nano-usd' : counts === 'requests' ? 'calls' : 'units';
}

function unitsOf({ counts, limit }: { readonly counts: string; readonly limit: string }): bigint {
  const [whole = '0', fraction = ''] = limit.split('.');
  if (counts !== 'usd') return BigInt(whole);
  return BigInt(whole) * NANO_USD_PER_USD + BigInt(fraction.padEnd(9, '0') || '0');
}

function amountOf({ counts, field }: Counter, { fields, chargedNanoUsd, bytesOut }: PolicyOutcome): bigint {
  switch (counts) {
    case 'requests':
      return 1n;
    case 'usd':
      return nanoUsd(chargedNanoUsd);
    case 'bytes_out':
      return BigInt(bytesOut);
    case 'field':
      return whole(fields[field]);
    default:
      return whole(fields[counts]);
  }
}

function whole(value: unknown): bigint {
  const number = Math.ceil(Number(value ?? 0));
  return Number.isSafeInteger(number) && number > 0 ? BigInt(number) : 0n;
}

function problemOf(own: Options, refusal: LimitRefusal, nowMs: number): Problem {
  if (refusal.kind !== 'node') throw new Error('a counter asks for nodes only');
  const { node, kind } = refusal.refusal;
  if (node.node.startsWith('in-flight:')) {
    const detail = `At most ${own.maxInFlight} calls of this ${own.by} may run at the same time.`;
    return { slug: 'too-many-running', detail, members: members(own.name, node, nowMs), retryAfterSeconds: 1 };
  }
  const full = own.counters.find((item) => node.node.includes(`:${item.name}:`));
  const name = full?.name ?? own.name;
  return {
    slug: 'rate-limited',
    detail: `The counter ${name} of this ${own.by} is full until its ${node.period} ends.`,
    members: { ...members(name, node, nowMs), ...(full?.counts === 'usd' ? { unit: 'nano-usd' } : {}) },
    retryAfterSeconds: retryAfterSeconds(kind, node.endsAtMs, nowMs),
  };
}

function members(name: string, node: { limit: bigint; spent: bigint; endsAtMs: number | null }, nowMs: number) {
  const rest = node.limit - node.spent;
  return {
    exhausted: name,
    limit: node.limit.toString(),
    remaining: (rest > 0n ? rest : 0n).toString(),
    resetAt: new Date(node.endsAtMs ?? nowMs + 1_000).toISOString(),
  };
}

function subjectOf({ by }: Options, { principal }: PolicyCall): string | null {
  if (principal === null) return null;
  const { customer, key } = principal;
  return by === 'customer' ? customer.customerId : by === 'agent' ? key.agentId : key.keyId;
}

function scopeOf({ name }: Options, { level, apiId, route }: PolicyContext): string {
  return `${level === 'route' ? route.id : level === 'api' ? apiId : 'plan'}:${name}`;
}
