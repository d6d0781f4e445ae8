import { type PolicyConfig, type PolicyLevel, toJson } from '@tollwright/contracts';
import { ProblemError } from '@tollwright/core';
import type { Tx } from '@tollwright/db';
import { checkPolicies, type PolicyError, policyTypeOf } from '@tollwright/policies';
import { missingMeters } from '../meter/missing-meters.ts';
import { toStorableJson } from '../storable-json.ts';

/**
 * The policies of one level with their defaults filled in. Throws `invalid-input` with everything that is wrong, each at
 * its path below `at`: `policies.0.options.limit`.
 */
export async function checkedPolicies(
  tx: Tx,
  providerId: string,
  level: PolicyLevel,
  configs: readonly PolicyConfig[],
  at = 'policies',
): Promise<readonly PolicyConfig[]> {
  const checked = checkPolicies(level, configs);
  const unread = unknownOptions(configs);
  if (checked.kind === 'invalid') throw invalidPolicies([...checked.errors, ...unread], at);
  const errors = [
    ...unread,
    ...unstorable(checked.policies),
    ...(await unknownNames(tx, providerId, checked.policies)),
  ];
  if (errors.length > 0) throw invalidPolicies(errors, at);
  return checked.policies;
}

/** A refusal that lists errors whose paths count from a list of policies. */
export function invalidPolicies(errors: readonly PolicyError[], at: string): ProblemError {
  const found = errors.map(({ path, message }) => ({ path: `${at}.${path}`, message }));
  const detail = found.map(({ path, message }) => `${path}: ${message}`).join('; ');
  return new ProblemError({ slug: 'invalid-input', detail, members: { errors: found } });
}

/** A typing error in the name of an option would leave it at its default, which nobody meant. */
function unknownOptions(configs: readonly PolicyConfig[]): PolicyError[] {
  return configs.flatMap(({ type, options }, index) => {
    const known = policyTypeOf(type)?.options.shape;
    const names = known === undefined ? [] : Object.keys(options).filter((name) => !Object.hasOwn(known, name));
    return names.map((name) => ({ path: `${index}.options.${name}`, message: `is no option of ${type}` }));
  });
}

function unstorable(policies: readonly PolicyConfig[]): PolicyError[] {
  return policies.flatMap((config, index) =>
    toStorableJson(config) === toJson(config)
      ? []
      : [{ path: `${index}.options`, message: 'must not contain NUL or half characters' }],
  );
}

/** A quota of a meter that is not there would never be used up; a feature that is not there is granted by no plan. */
async function unknownNames(tx: Tx, providerId: string, policies: readonly PolicyConfig[]): Promise<PolicyError[]> {
  const named = policies.flatMap(({ type, options }, index) => namesIn(type, options, index));
  const of = (kind: Named['kind']) => named.filter((one) => one.kind === kind).map(({ name }) => name);
  const features = await tx.feature.findMany({
    where: { providerId, archivedAt: null, key: { in: of('feature') } },
    select: { key: true },
  });
  const missing = {
    meter: new Set(await missingMeters(tx, providerId, of('meter'))),
    feature: new Set(of('feature').filter((name) => features.every(({ key }) => key !== name))),
  };
  return named
    .filter(({ kind, name }) => missing[kind].has(name))
    .map(({ path, kind, name }) => ({ path, message: `there is no ${kind} ${name}` }));
}

interface Named {
  readonly kind: 'meter' | 'feature';
  readonly name: string;
  readonly path: string;
}

function namesIn(type: string, options: PolicyConfig['options'], index: number): Named[] {
  const list = (kind: Named['kind'], option: string) =>
    ((options[option] ?? []) as string[]).map((name, at) => ({ kind, name, path: `${index}.options.${option}.${at}` }));
  switch (type) {
    case 'quota':
      return list('meter', 'meters');
    case 'monetization':
      return [...list('feature', 'requires'), ...list('feature', 'grants')];
    default:
      return [];
  }
}
