import type { Policy, PolicyType } from './outputs.ts';

/** A policy that is set, with its type and its place in the list as it is stored. */
export interface PlacedPolicy {
  readonly index: number;
  readonly policy: Policy;
  readonly type: PolicyType;
}

/** Policies in the order in which they run: that of the types. One whose type this release does not know is left out. */
export function inRunOrder(policies: readonly Policy[], types: readonly PolicyType[]): readonly PlacedPolicy[] {
  return types.flatMap((type) =>
    policies.flatMap((policy, index) => (policy.type === type.type ? [{ index, policy, type }] : [])),
  );
}

/** `Rate limit burst` where several of a type may stand beside each other, else `Request size`. */
export function policyTitle({ type, policy }: Pick<PlacedPolicy, 'type' | 'policy'>): string {
  const { name } = policy.options;
  return type.stacking === 'by-name' && typeof name === 'string' ? `${type.title} ${name}` : type.title;
}

/** Why a type cannot be added to a list; null when it can. */
export function whyNotAdded(type: PolicyType, policies: readonly Policy[]): string | null {
  const isSet = policies.some((policy) => policy.type === type.type);
  return type.stacking === 'replace' && isSet ? 'Set already: there is one of it.' : null;
}
