import { chooseSome } from './choose.ts';

/** Of moments so many of each name, by a seed that turns which; all where there are no more. */
export function someOfEachName<T>(
  all: readonly T[],
  count: number,
  seed: number,
  nameOf: (one: T) => string,
): readonly T[] {
  return [...byName(all, nameOf).values()].flatMap((some, index) => chooseSome(some, count, seed + index));
}

/**
 * How many moments of each name there are, and how many processes were ended there, as raw figures: whoever reads a report sees
 * what was visited and what was not.
 */
export function visited<T>(
  all: readonly T[],
  reached: readonly T[],
  nameOf: (one: T) => string,
): Readonly<Record<string, number>> {
  const killed = byName(reached, nameOf);
  const figures = [...byName(all, nameOf)].flatMap(([name, some]) => [
    [`moments of ${name}`, some.length] as const,
    [`killed at moments of ${name}`, killed.get(name)?.length ?? 0] as const,
  ]);
  return { moments: all.length, kills: reached.length, ...Object.fromEntries(figures) };
}

function byName<T>(all: readonly T[], nameOf: (one: T) => string): ReadonlyMap<string, readonly T[]> {
  const found = new Map<string, T[]>();
  for (const one of all) found.set(nameOf(one), [...(found.get(nameOf(one)) ?? []), one]);
  return found;
}
