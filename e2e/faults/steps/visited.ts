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

/** Moments, one of those between two effects, and those of them at which a process was ended. */
export interface Visits<T, R> {
  readonly all: readonly T[];
  readonly apart: readonly T[];
  readonly reached: readonly R[];
}

/**
 * How many moments of each name there are, how many of them others can tell apart, and how many processes were ended there, as
 * raw figures: whoever reads a report sees what was visited and what was not.
 */
export function visited<T extends R, R>(
  { all, apart, reached }: Visits<T, R>,
  nameOf: (one: R) => string,
): Readonly<Record<string, number>> {
  const [tellable, killed] = [byName(apart, nameOf), byName(reached, nameOf)];
  const figures = [...byName(all, nameOf)].flatMap(([name, some]) => [
    [`moments of ${name}`, some.length] as const,
    [`told apart of ${name}`, tellable.get(name)?.length ?? 0] as const,
    [`killed at moments of ${name}`, killed.get(name)?.length ?? 0] as const,
  ]);
  return {
    ...{ moments: all.length, toldApart: apart.length, kills: reached.length },
    ...Object.fromEntries(figures),
  };
}

function byName<T>(all: readonly T[], nameOf: (one: T) => string): ReadonlyMap<string, readonly T[]> {
  const found = new Map<string, T[]>();
  for (const one of all) found.set(nameOf(one), [...(found.get(nameOf(one)) ?? []), one]);
  return found;
}
