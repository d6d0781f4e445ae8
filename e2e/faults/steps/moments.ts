import type { Program } from '../process.ts';
import { chooseSome } from './choose.ts';
import type { Moment } from './number-steps.ts';
import type { Aim, Numbered } from './numbered.ts';

/** A moment that a program came by. */
export interface CameBy {
  readonly aim: Aim;
  /** How often. */
  readonly times: number;
  /** What the program had written, connected or synced by then, counted. */
  readonly effects: number;
}

interface Seen {
  readonly times: number;
  readonly effects: number;
}

type Asked = Pick<Program, 'ask'>;

/** The names of what a program has come by so far. */
export async function namesSoFar(program: Asked): Promise<ReadonlySet<string>> {
  return new Set(Object.keys(await program.ask<Record<string, Seen>>({ kind: 'list' })));
}

/** Walks, and lists the moments that a program came by on the way, at places that are asked for and not among those `left`. */
export async function momentsOn(
  walk: () => Promise<unknown>,
  program: Asked,
  numbered: Numbered,
  { isAbout, left }: { readonly isAbout?: (place: string) => boolean; readonly left?: ReadonlySet<string> } = {},
): Promise<CameBy[]> {
  await program.ask({ kind: 'forget' });
  await walk();
  const seen = await program.ask<Record<string, Seen>>({ kind: 'list' });
  return Object.entries(seen).flatMap(([name, { times, effects }]) => {
    const [step, moment] = name.split(' ') as [string, Moment];
    const place = numbered.steps[Number(step)]?.place ?? '';
    if (left?.has(name) || (isAbout !== undefined && !isAbout(place))) return [];
    return [{ aim: { step: Number(step), moment, times: 1 }, times, effects }];
  });
}

/**
 * Of the moments of each name between two effects one, by a seed: wherever a process dies there, all others see the same. What
 * is left out is what nobody can tell apart.
 */
export function oneBetweenEffects<T extends Pick<CameBy, 'effects'>>(
  moments: readonly T[],
  seed: number,
  nameOf: (one: T) => string = () => '',
): readonly T[] {
  const between = new Map<string, T[]>();
  for (const one of moments) {
    const key = `${one.effects} ${nameOf(one)}`;
    between.set(key, [...(between.get(key) ?? []), one]);
  }
  return [...between.values()].flatMap((some, index) => chooseSome(some, 1, seed + index));
}
