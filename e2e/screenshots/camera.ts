import { join } from 'node:path';
import type { BrowserContext, Page } from '@playwright/test';
import { readLocal } from '../local.ts';
import { axeViolations } from './accessibility.ts';
import { fitWindow, lookAway, settle } from './settle.ts';
import type { Screen, Shot, Theme, Width } from './shot.ts';
import { watch } from './witness.ts';

/** Where pictures go. */
export const SCREENS = join(import.meta.dirname, '../../reports/screens');

const HEIGHT: Readonly<Record<Width, number>> = { 1440: 900, 390: 844 };

/** A screen with what was wrong, in words. */
export interface Photograph {
  readonly screen: Screen;
  readonly complaints: readonly string[];
}

/**
 * Opens a page once at one width and photographs it in each theme: colours follow the device without a reload. What the
 * page said on the console and the network while it was open counts for each.
 */
export async function photograph(
  context: BrowserContext,
  shot: Shot,
  width: Width,
  themes: readonly Theme[],
): Promise<readonly Photograph[]> {
  const page = await context.newPage();
  try {
    await page.setViewportSize({ width, height: HEIGHT[width] });
    const testimony = watch(page, shot.statuses ?? []);
    await open(page, shot);
    await settle(page);
    await shot.act?.(page);
    await settle(page);
    await lookAway(page);
    await fitWindow(page);
    await settle(page);
    const views: View[] = [];
    for (const theme of themes) views.push(await view(page, shot, width, theme));
    const structure = await axeViolations(page, 'structure');
    const { consoleErrors, failedRequests } = testimony();
    return views.map(({ contrast, overflowPx, ...seen }) => ({
      screen: {
        ...seen,
        axeViolations: structure.length + contrast.length,
        consoleErrors: consoleErrors.length,
        failedRequests: failedRequests.length,
        overflowPx,
      },
      complaints: [
        ...structure,
        ...contrast,
        ...consoleErrors,
        ...failedRequests,
        ...(overflowPx > 0 ? [`${overflowPx} px wider than the window`] : []),
      ],
    }));
  } finally {
    await page.close();
  }
}

/** A page that leads elsewhere, as to the sign-in, is no picture of what the shot names. */
async function open(page: Page, { path }: Shot): Promise<void> {
  const address = new URL(path, readLocal().portalUrl);
  await page.goto(address.href);
  const { pathname } = new URL(page.url());
  if (pathname !== address.pathname) throw new Error(`${address.pathname} led to ${pathname}`);
}

type View = Pick<Screen, 'route' | 'role' | 'width' | 'theme' | 'name' | 'picture' | 'overflowPx'> & {
  readonly contrast: readonly string[];
};

async function view(page: Page, { route, role, name }: Shot, width: Width, theme: Theme): Promise<View> {
  await page.emulateMedia({ colorScheme: theme });
  const picture = `${role}/${name}.${width}.${theme}.png`;
  await page.screenshot({
    path: join(SCREENS, picture),
    animations: 'disabled',
    timeout: 120_000,
  });
  const overflowPx = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return scrollWidth - clientWidth;
  });
  return { route, role, name, width, theme, picture, overflowPx, contrast: await axeViolations(page, 'colours') };
}
