import { PROBLEMS, type ProblemSlug } from '@tollwright/core';
import { policyTypeOf } from '@tollwright/policies';
import type { Tone } from '@tollwright/ui';
import type { PolicyDecision, Trace } from './outputs.ts';

/** What traces name otherwise than the list of policy types, or beside it. */
const OTHERS: Readonly<Record<string, string>> = { payment: 'Payment', budget: 'Budget' };

/** A policy as people call it: `Rate limit burst` for `rate-limit:burst`, `Budget` for a budget's node. */
export function policyName(policy: string): string {
  const [type = policy, name] = policy.split(':');
  const title = OTHERS[type] ?? policyTypeOf(type)?.title ?? problemTitle(policy) ?? policy;
  return name === undefined || name === 'default' || type === 'budget' ? title : `${title} ${name}`;
}

/** The title of a problem; null for a slug that this release does not know. */
export function problemTitle(slug: string | null): string | null {
  return slug !== null && Object.hasOwn(PROBLEMS, slug) ? PROBLEMS[slug as ProblemSlug].title : null;
}

/** What to do about a problem. */
export function problemHint(slug: string | null): string | null {
  return slug !== null && Object.hasOwn(PROBLEMS, slug) ? PROBLEMS[slug as ProblemSlug].hint : null;
}

/** What became of a call, in a few words. */
export function resultOf({ outcome, refusedBy, wouldRefuse, problem }: ResultOf): { tone: Tone; words: string } {
  if (outcome === 'refused') {
    const by = refusedBy === null ? problemTitle(problem) : policyName(refusedBy);
    return { tone: 'red', words: by === null ? 'Refused' : `Refused: ${by}` };
  }
  const shadows = wouldRefuse.map(policyName);
  if (shadows.length > 0) return { tone: 'amber', words: `Would be refused: ${shadows.join(', ')}` };
  return { tone: 'green', words: 'Allowed' };
}
type ResultOf = Pick<Trace, 'outcome' | 'refusedBy' | 'problem'> & { readonly wouldRefuse: readonly string[] };

/** What one policy decided. */
export const DECISIONS: Readonly<Record<PolicyDecision['decision'], { tone: Tone; words: string }>> = {
  allowed: { tone: 'green', words: 'Allowed' },
  refused: { tone: 'red', words: 'Refused' },
  'would-refuse': { tone: 'amber', words: 'Would refuse' },
  'not-reached': { tone: 'neutral', words: 'Not reached' },
};

/** Where a policy was set. */
export const LEVELS: Readonly<Record<PolicyDecision['level'], string>> = {
  api: 'set for the API',
  route: 'set for the route',
  plan: 'set in the plan',
  account: 'of the account',
};
