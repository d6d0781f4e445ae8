import { type Photograph, photograph } from './camera.ts';
import type { Cast } from './cast.ts';
import type { Shot, Theme, Width } from './shot.ts';
import { whileUnreadable } from './unreadable.ts';

const PAGES_AT_ONCE = 3;

/** What became of one shot at one width: its photographs, or why there are none. */
export interface Take {
  readonly photographs: readonly Photograph[];
  readonly failure: string | null;
}

/** Photographs every shot at every width, a few at a time; those that need a failing portal alone, at the end. */
export async function photographAll(
  cast: Cast,
  shots: readonly Shot[],
  widths: readonly Width[],
  themes: readonly Theme[],
  onTake: (take: Take) => void,
): Promise<readonly Take[]> {
  const takes: Take[] = [];
  const take = async ({ shot, width }: Work, index: number) => {
    const done = await takeOf(cast, shot, width, themes);
    onTake(done);
    takes[index] = done;
  };
  const work = shots.flatMap((shot) => widthsOf(shot, widths).map((width) => ({ shot, width }))).entries();
  const later: (() => Promise<void>)[] = [];
  const lane = async () => {
    for (const [index, item] of work) {
      const { unreadable } = item.shot;
      if (unreadable === undefined) await take(item, index);
      else later.push(() => whileUnreadable(unreadable, () => take(item, index)));
    }
  };
  await Promise.all(Array.from({ length: PAGES_AT_ONCE }, lane));
  for (const takeLater of later) await takeLater();
  return takes;
}

type Work = { readonly shot: Shot; readonly width: Width };

function widthsOf(shot: Shot, widths: readonly Width[]): readonly Width[] {
  return widths.filter((width) => shot.widths === undefined || shot.widths.includes(width));
}

async function takeOf(cast: Cast, shot: Shot, width: Width, themes: readonly Theme[]): Promise<Take> {
  try {
    return { photographs: await photograph(cast[shot.role], shot, width, themes), failure: null };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { photographs: [], failure: `${shot.role}/${shot.name} at ${width} px: ${why}` };
  }
}
