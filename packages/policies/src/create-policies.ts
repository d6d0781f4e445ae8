import type { PolicyConfig, PolicyLevel, SnapshotPlan, SnapshotRoute } from '@tollwright/contracts';
import { checkPolicies, identityOf } from './check-policies.ts';
import type { PolicyContext, PolicyRules, PolicyType } from './policy-type.ts';
import { POLICY_TYPES, policyTypeOf } from './registry.ts';

/** A policy ready to run. */
export interface ReadyPolicy extends PolicyRules {
  readonly type: string;
  /** `<type>`, or `<type>:<name>` where several of a type run. */
  readonly name: string;
  readonly level: PolicyLevel;
  readonly shadow: boolean;
}

/** What runs on the calls of one plan on one route, in order. */
export interface PolicySet {
  readonly head: readonly ReadyPolicy[];
  readonly body: readonly ReadyPolicy[];
  /** Of head and body: those that ask for limits, and those that observe. */
  readonly asking: readonly ReadyPolicy[];
  readonly observing: readonly ReadyPolicy[];
  readonly readsBody: boolean;
  /** The lowest output cap that a policy clamps to; null is the plan's. */
  readonly outputTokensMax: number | null;
}

/** The policies of each level, as they were set. */
export type PolicyLayers = Readonly<Record<PolicyLevel, readonly PolicyConfig[]>>;

interface Chosen {
  readonly type: PolicyType;
  readonly options: Readonly<Record<string, unknown>>;
  readonly level: PolicyLevel;
  readonly shadow: boolean;
}

const LEVELS: readonly PolicyLevel[] = ['api', 'route', 'plan'];

/**
 * Makes the policies of one route and plan ready to run: a narrower level replaces a wider one (plan before route before
 * API), the order is the registry's, then from wide to narrow. Null: nothing to do. Throws for what `checkPolicies` would refuse.
 */
export function createPolicies(
  layers: PolicyLayers,
  at: { readonly apiId: string; readonly route: SnapshotRoute; readonly plan: SnapshotPlan | null },
): PolicySet | null {
  const chosen = choose(layers);
  const all: (ReadyPolicy & { readonly phase: PolicyType['phase'] })[] = [];
  let readsBody = false;
  let outputTokensMax: number | null = null;
  for (const { type, options, level, shadow } of chosen) {
    const context: PolicyContext = { ...at, level };
    const cap = type.outputTokensMax?.(options) ?? null;
    if (cap !== null) outputTokensMax = Math.min(cap, outputTokensMax ?? cap);
    const rules = type.create(options, context);
    if (rules === null) continue;
    readsBody ||= type.readsBody(options, context);
    all.push({ ...rules, type: type.type, name: nameOf(type, options), level, shadow, phase: type.phase });
  }
  if (all.length === 0 && outputTokensMax === null) return null;
  return {
    head: all.filter(({ phase }) => phase === 'head'),
    body: all.filter(({ phase }) => phase === 'body'),
    asking: all.filter(({ ask }) => ask !== undefined),
    observing: all.filter(({ observe }) => observe !== undefined),
    readsBody,
    outputTokensMax,
  };
}

function choose(layers: PolicyLayers): Chosen[] {
  const chosen: Chosen[] = [];
  const places = new Map<string, number>();
  for (const level of LEVELS) {
    const checked = checkPolicies(level, layers[level]);
    if (checked.kind === 'invalid') {
      throw new RangeError(
        checked.errors.map(({ path, message }) => `${level} policies ${path}: ${message}`).join('; '),
      );
    }
    for (const config of checked.policies) {
      const type = policyTypeOf(config.type);
      if (type === undefined) continue;
      const identity = identityOf(type, config.options);
      const next = { type, options: config.options, level, shadow: config.shadow };
      const place = identity === null ? undefined : places.get(identity);
      if (place !== undefined) chosen[place] = next;
      else if (identity !== null) places.set(identity, chosen.push(next) - 1);
      else chosen.push(next);
    }
  }
  return chosen.sort((a, b) => POLICY_TYPES.indexOf(a.type) - POLICY_TYPES.indexOf(b.type));
}

function nameOf({ type, stacking }: PolicyType, options: Readonly<Record<string, unknown>>): string {
  return stacking === 'by-name' ? `${type}:${String(options.name)}` : type;
}
