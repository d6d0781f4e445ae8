import type { Page } from '@playwright/test';

/** A chart's figures as the page carries them, in whole units. */
export interface ShownChart {
  /** What it shows above its bars. */
  readonly total: string;
  /** By series. */
  readonly totals: Readonly<Record<string, string>>;
  /** By series, then by the bucket's beginning; without zeros. */
  readonly buckets: ReadonlyMap<string, Readonly<Record<string, string>>>;
}

/** A row of figures, by name, in whole units. */
export type ShownFigures = Readonly<Record<string, string>>;

// Each reads in one step what it reads: a page that is drawn anew between two would be held against itself, and a
// reader that asks the browser for one number at a time is slower than the product that it times.

/** The legend and the table of a chart; null while there is none. */
export async function chartOf(page: Page, title: string): Promise<ShownChart | null> {
  const shown = await page.evaluate((wanted) => {
    const exactIn = (part: Element | null | undefined) =>
      part?.querySelector('[data-exact]')?.getAttribute('data-exact') ?? '';
    const table = [...document.querySelectorAll<HTMLTableElement>('figure table')].find(
      (one) => one.caption?.textContent === wanted,
    );
    const figure = table?.closest('figure');
    if (!table || !figure) return null;
    const [, , ...names] = [...table.querySelectorAll('thead th')].map(({ textContent }) => textContent);
    const legend = [...figure.querySelectorAll('[aria-label="Legend"] li')];
    const rows = [...table.querySelectorAll('[data-bucket]')].map((row) => ({
      at: row.getAttribute('data-bucket') ?? '',
      exact: [...row.querySelectorAll('[data-exact]')].map((cell) => cell.getAttribute('data-exact') ?? ''),
    }));
    const totals = names.map((name) => exactIn(legend.find(({ textContent }) => textContent.startsWith(name))));
    return { total: exactIn(figure.querySelector('[data-figure="total"]')?.parentElement), names, totals, rows };
  }, title);
  if (shown === null) return null;
  const { total, names, totals, rows } = shown;
  // The first figure of a row is its total.
  const used = (index: number) =>
    rows.map(({ at, exact }) => [at, exact[index + 1] ?? ''] as const).filter(([, value]) => value !== '0');
  return {
    total,
    totals: Object.fromEntries(names.map((name, index) => [name, totals[index] ?? ''])),
    buckets: new Map(names.map((name, index) => [name, Object.fromEntries(used(index))])),
  };
}

/** The row of figures whose label begins so. */
export function figuresOf(page: Page, label: string): Promise<ShownFigures> {
  return page.evaluate((wanted) => {
    const items = [...document.querySelectorAll(`ul[aria-label^="${wanted}"] > li`)];
    const shown = items.map((item) => {
      const name = item.querySelector('a > span')?.textContent ?? '';
      return [name, item.querySelector('[data-exact]')?.getAttribute('data-exact') ?? ''];
    });
    return Object.fromEntries(shown);
  }, label);
}

/** What a budget's bar says, in nano-dollars. */
export function gaugeOf(page: Page, name: string) {
  return page.evaluate((wanted) => {
    const meter = document.querySelector(`[role="meter"][aria-label="${wanted}"]`);
    const exact = (part: string) => meter?.getAttribute(`data-exact-${part}`) ?? null;
    return { spent: exact('spent'), held: exact('held'), limit: exact('limit') };
  }, name);
}
