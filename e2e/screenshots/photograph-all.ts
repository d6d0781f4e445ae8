import { type Photograph, photograph } from './camera.ts';
import type { Cast } from './cast.ts';
import type { Shot, Theme, Width } from './shot.ts';
import { whileUnreadable } from './unreadable.ts';

const PAGES_AT_ONCE = 3;

export interface Session {
  readonly photographs: readonly Photograph[];
  /** Pages that could not be photographed, and why. */
  readonly failures: readonly string[];
}

/** Photographs every shot at every width, a few at a time; those that need a failing portal alone, at the end. */
export async function photographAll(
  cast: Cast,
  shots: readonly Shot[],
  widths: readonly Width[],
  themes: readonly Theme[],
): Promise<Session> {
  const photographs: Photograph[][] = [];
  const failures: string[] = [];
  const work = shots.flatMap((shot) => widths.map((width) => ({ shot, width }))).entries();
  const later: (() => Promise<void>)[] = [];
  const take = async (index: number, shot: Shot, width: Width) => {
    try {
      photographs[index] = [...(await photograph(cast[shot.role], shot, width, themes))];
    } catch (error) {
      failures.push(`${shot.role}/${shot.name} at ${width} px: ${error instanceof Error ? error.message : error}`);
    }
  };
  const lane = async () => {
    for (const [index, { shot, width }] of work) {
      const { unreadable } = shot;
      if (unreadable === undefined) await take(index, shot, width);
      else later.push(() => whileUnreadable(unreadable, () => take(index, shot, width)));
    }
  };
  await Promise.all(Array.from({ length: PAGES_AT_ONCE }, lane));
  for (const photographLater of later) await photographLater();
  return { photographs: photographs.flat(), failures };
}
