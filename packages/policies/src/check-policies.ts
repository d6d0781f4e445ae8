import type { PolicyConfig, PolicyLevel } from '@tollwright/contracts';
import { z } from 'zod';
import type { PolicyType } from './policy-type.ts';
import { POLICY_TYPES, policyTypeOf } from './registry.ts';

/** What is wrong with a list of policies; `path` counts from the list: `0.options.limit`. */
export interface PolicyError {
  readonly path: string;
  readonly message: string;
}

export type CheckedPolicies =
  | { readonly kind: 'valid'; readonly policies: readonly PolicyConfig[] }
  | { readonly kind: 'invalid'; readonly errors: readonly PolicyError[] };

/** Checks the policies of one level: types, levels, options, shadows, and that none hides another. Fills defaults in. */
export function checkPolicies(level: PolicyLevel, configs: readonly PolicyConfig[]): CheckedPolicies {
  const errors: PolicyError[] = [];
  const policies: PolicyConfig[] = [];
  const seen = new Set<string>();
  configs.forEach((config, index) => {
    const type = policyTypeOf(config.type);
    const found = type === undefined ? [{ path: 'type', message: 'is no policy type' }] : wrong(type, level, config);
    for (const { path, message } of found) errors.push({ path: `${index}.${path}`, message });
    if (type === undefined || found.length > 0) return;
    const options = type.options.parse(config.options);
    const identity = identityOf(type, options);
    if (identity !== null && seen.has(identity)) errors.push({ path: `${index}.type`, message: 'is set twice here' });
    if (identity !== null) seen.add(identity);
    policies.push({ ...config, options });
  });
  return errors.length > 0 ? { kind: 'invalid', errors } : { kind: 'valid', policies };
}

/** What makes two policies of different levels the same one; null where all of a type run. */
export function identityOf(type: PolicyType, options: Readonly<Record<string, unknown>>): string | null {
  switch (type.stacking) {
    case 'replace':
      return type.type;
    case 'by-name':
      return `${type.type}:${String(options.name)}`;
    case 'add':
      return null;
  }
}

function wrong(type: PolicyType, level: PolicyLevel, { options, shadow }: PolicyConfig): PolicyError[] {
  if (!type.levels.includes(level)) return [{ path: 'type', message: `cannot be set for ${AT[level]}` }];
  if (shadow && !type.mayShadow) return [{ path: 'shadow', message: 'this policy always holds' }];
  const parsed = type.options.safeParse(options);
  if (!parsed.success) {
    return parsed.error.issues.map((issue) => ({
      path: ['options', ...issue.path].join('.'),
      message: messageOf(issue),
    }));
  }
  const message = type.problem?.(parsed.data, { level, shadow }) ?? null;
  return message === null ? [] : [{ path: 'options', message }];
}

/** A name of a record, and an option that may be empty, are wrong for a reason that stands one level deeper. */
function messageOf(issue: z.core.$ZodIssue): string {
  const inner =
    issue.code === 'invalid_key' ? issue.issues[0] : issue.code === 'invalid_union' ? issue.errors[0]?.[0] : null;
  return inner?.message ?? issue.message;
}

const AT: Record<PolicyLevel, string> = { api: 'an API', route: 'a route', plan: 'a plan' };

/** A policy type as programs and forms read it. `optionsSchema` is JSON Schema 2020-12 of what may be written. */
export interface PolicyTypeDescription {
  readonly type: string;
  readonly title: string;
  readonly summary: string;
  readonly levels: readonly PolicyLevel[];
  readonly mayShadow: boolean;
  readonly stacking: PolicyType['stacking'];
  readonly optionsSchema: Readonly<Record<string, unknown>>;
}

/** Every policy type in the order in which policies run. */
export function describePolicyTypes(): readonly PolicyTypeDescription[] {
  return POLICY_TYPES.map(({ type, title, summary, levels, mayShadow, stacking, options }) => ({
    ...{ type, title, summary, levels, mayShadow, stacking },
    optionsSchema: z.toJSONSchema(options, { io: 'input' }),
  }));
}
