import { fieldName, type PolicyConfig } from '@tollwright/contracts';
import type { PlanTerms } from '@tollwright/core';
import { z } from 'zod';
import { ALLOWED, type Decision } from '../policy.ts';
import { definePolicy, type PolicyContext } from '../policy-type.ts';
import { createTiers, type TierFields } from './tiers.ts';

export const monetizationOptions = z.object({
  requires: z
    .array(fieldName)
    .max(32)
    .default([])
    .describe("On an API or route: features that the caller's plan must grant."),
  grants: z
    .array(fieldName)
    .max(64)
    .default([])
    .describe('On a plan: features that it grants, beside those that it has quotas of.'),
  tiers: z
    .record(fieldName, z.array(z.string().min(1).max(128)).max(200))
    .default({})
    .describe('Models by tier, such as premium_tokens: the tokens of these models are measured under that name.'),
  otherModels: z
    .union([fieldName, z.literal('')])
    .default('')
    .describe('The tier of all other models. Empty: they are in none.'),
  quantity: fieldName.default('total_tokens').describe('What of a call is measured under the name of its tier.'),
});

export const monetization = definePolicy({
  type: 'monetization',
  title: 'Monetization',
  summary: 'Checks that a plan grants a feature, and measures models by tier.',
  options: monetizationOptions,
  levels: ['api', 'route', 'plan'],
  mayShadow: false,
  stacking: 'add',
  phase: 'head',
  problem: ({ requires, grants, tiers }, { level }) => {
    if (level === 'plan' && requires.length > 0) return 'a plan grants features; an API or route requires them';
    if (level !== 'plan' && grants.length > 0) return 'an API or route requires features; a plan grants them';
    return level === 'route' && Object.keys(tiers).length > 0 ? 'tiers are set for an API or a plan' : null;
  },
  create({ requires }, context) {
    if (requires.length === 0) return null;
    const granted = grantedFeatures(context);
    const missing = requires.filter((feature) => !granted.has(feature));
    const decision = missing.length === 0 ? ALLOWED : refused(missing);
    return { decide: ({ principal }) => (principal === null ? ALLOWED : decision) };
  },
});

/** The tiers that hold for a plan's calls: the plan's own, else the API's. */
export function tiersOf(api: readonly PolicyConfig[], plan: readonly PolicyConfig[]): TierFields | null {
  for (const level of [plan, api]) {
    for (const { type, options } of level) {
      const tiers = type === monetization.type ? createTiers(monetizationOptions.parse(options)) : null;
      if (tiers !== null) return tiers;
    }
  }
  return null;
}

function grantedFeatures({ plan }: PolicyContext): ReadonlySet<string> {
  return plan ? featuresOf(plan.terms) : new Set();
}

/** The features that a plan grants: those that it has quotas of, and those that its policies name. */
export function featuresOf({ quotas, policies }: Pick<PlanTerms, 'quotas' | 'policies'>): ReadonlySet<string> {
  const features = new Set(quotas.map(({ featureKey }) => featureKey));
  for (const { type, options } of policies ?? []) {
    if (type === monetization.type)
      for (const feature of monetizationOptions.parse(options).grants) features.add(feature);
  }
  return features;
}

function refused(missing: readonly string[]): Decision {
  const detail = `The plan does not include ${missing.join(', ')}.`;
  return { kind: 'refused', problem: { slug: 'not-entitled', detail, members: { missing } } };
}
