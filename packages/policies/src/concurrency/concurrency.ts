import { z } from 'zod';
import { policyName } from '../option-fields.ts';
import { ALLOWED, type Effect } from '../policy.ts';
import type { PolicyCall } from '../policy-call.ts';
import { definePolicy, type PolicyContext } from '../policy-type.ts';

const options = z.object({
  name: policyName,
  limit: z.int().min(1).max(100_000).describe('Most calls that may run at the same time.'),
  by: z
    .enum(['customer', 'agent', 'key', 'route'])
    .default('key')
    .describe('Whose running calls are counted. By route counts the calls of everyone together.'),
});
type Options = z.output<typeof options>;

export const concurrency = definePolicy({
  type: 'concurrency',
  title: 'Concurrency',
  summary: 'Limits how many calls of a key, an agent, a customer or a route run at the same time.',
  options,
  levels: ['api', 'route', 'plan'],
  mayShadow: true,
  stacking: 'by-name',
  phase: 'head',
  create(own, context) {
    const scope = scopeOf(own, context);
    const limit = BigInt(own.limit);
    return {
      decide: () => ALLOWED,
      ask: (call) => [place(own, limit, scope, call)],
      limited: (refusal) => ({
        kind: 'refused',
        problem: {
          slug: 'too-many-running',
          detail: `At most ${own.limit} calls of this ${own.by} may run at the same time.`,
          members: { exhausted: own.name, limit: String(own.limit), remaining: '0', kind: refusal.kind },
          retryAfterSeconds: 1,
        },
      }),
    };
  },
});

const nothing = () => 0n;

/**
 * A place in the store is a hold of 1 that is never charged; where no customer's tag is at hand, this process keeps it. Places
 * are counted by the hour, so that those of a machine that never comes back are free again after it.
 */
function place(own: Options, limit: bigint, scope: string, { principal }: PolicyCall): Effect {
  const subject = principal === null ? null : subjectOf(own.by, principal);
  if (subject === null) return { kind: 'take-slot', take: { key: scope, limit: own.limit } };
  const node = `running:${scope}:${subject}`;
  const ask = { node, kind: 'quota' as const, period: 'hour' as const, limit, amount: 1n };
  return { kind: 'hold', ask, charge: nothing, told: { unit: 'calls', counter: null } };
}

function subjectOf(by: Options['by'], { customer, key }: NonNullable<PolicyCall['principal']>): string | null {
  switch (by) {
    case 'customer':
      return customer.customerId;
    case 'agent':
      return key.agentId;
    case 'key':
      return key.keyId;
    case 'route':
      return null;
  }
}

function scopeOf({ name, by }: Options, { level, apiId, route }: PolicyContext): string {
  const place = level === 'route' || by === 'route' ? route.id : level === 'api' ? apiId : 'plan';
  return `${place}:${name}`;
}
