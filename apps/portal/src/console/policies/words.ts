import type { PolicyLevel, PolicyType } from './outputs.ts';

const OWN: Readonly<Record<PolicyLevel, string>> = {
  api: 'Holds on every route of this API.',
  route: 'Holds on this route.',
  plan: 'Holds for the calls of everyone on this plan.',
};

/** Where a policy of this level holds, and what becomes of those of other levels. */
export function stackingWords(
  { stacking, levels }: Pick<PolicyType, 'stacking' | 'levels'>,
  level: PolicyLevel,
): string {
  const at = levels.indexOf(level);
  const narrower = levels.slice(at + 1).map((other) => NAMES[other]);
  const wider = levels.slice(0, at).map((other) => NAMES[other]);
  const same = stacking === 'by-name' ? ' of the same name' : '';
  if (stacking === 'add') return [OWN[level], ...together([...wider, ...narrower])].join(' ');
  return [
    OWN[level],
    ...(wider.length === 0 ? [] : [`It takes the place of one${same} that is set for ${either(wider)}.`]),
    ...(narrower.length === 0 ? [] : [`One${same} that is set for ${either(narrower)} takes its place.`]),
  ].join(' ');
}

/** `An API, a route, a plan`. */
export function levelsText(levels: readonly PolicyLevel[]): string {
  const named = levels.map((level) => ({ api: 'an API', route: 'a route', plan: 'a plan' })[level]).join(', ');
  return `${named.charAt(0).toUpperCase()}${named.slice(1)}`;
}

/** What removing a policy does. */
export const REMOVED: Readonly<Record<PolicyLevel, string>> = {
  api: 'Calls of this API are no longer judged by it, at every gateway within a second.',
  route: 'Calls of this route are no longer judged by it, at every gateway within a second.',
  plan: 'The draft no longer has it. Nothing changes for callers before the version is published.',
};

const NAMES: Readonly<Record<PolicyLevel, string>> = { api: 'the API', route: 'a route', plan: 'a plan' };

function together(others: readonly string[]): readonly string[] {
  return others.length === 0 ? [] : [`Those that are set for ${either(others)} hold as well.`];
}

function either(names: readonly string[]): string {
  return names.join(' or ');
}
