import type { Locator, Page } from '@playwright/test';

/** A chart's figures as the page carries them, in whole units. */
export interface ShownChart {
  /** By series. */
  readonly totals: Readonly<Record<string, string>>;
  /** By series, then by the bucket's beginning; without zeros. */
  readonly buckets: ReadonlyMap<string, Readonly<Record<string, string>>>;
}

/** Reads the legend and the table of a chart. */
export async function chartOf(page: Page, title: string): Promise<ShownChart> {
  const figure = figureOf(page, title);
  const table = figure.getByRole('table', { name: title });
  if (!(await table.isVisible())) await figure.getByText('Show as table').click({ timeout: 1_000 });
  const [, , ...names] = await table.getByRole('columnheader').allInnerTexts();
  const rows = await table.locator('[data-bucket]').evaluateAll((found) =>
    found.map((row) => ({
      at: row.getAttribute('data-bucket') ?? '',
      exact: [...row.querySelectorAll('[data-exact]')].map((cell) => cell.getAttribute('data-exact') ?? ''),
    })),
  );
  const totals: Record<string, string> = {};
  const buckets = new Map<string, Record<string, string>>();
  for (const [index, name] of names.entries()) {
    totals[name] = await exactIn(
      figure.getByRole('list', { name: 'Legend' }).getByRole('listitem').filter({ hasText: name }),
    );
    // The first figure of a row is its total.
    const used = rows
      .map(({ at, exact }) => [at, exact[index + 1] ?? ''] as const)
      .filter(([, value]) => value !== '0');
    buckets.set(name, Object.fromEntries(used));
  }
  return { totals, buckets };
}

/** The sum that a chart shows above its bars. */
export function chartTotal(page: Page, title: string): Promise<string> {
  return exactIn(figureOf(page, title).locator('[data-figure="total"]').locator('..'));
}

/** One of a row of figures, by its name. */
export function exactOf(figures: Locator, name: string): Promise<string> {
  const item = figures.getByRole('listitem').filter({ has: figures.page().getByText(name, { exact: true }) });
  return exactIn(item);
}

/** What a budget's bar says, in nano-dollars. */
export async function gaugeOf(page: Page, name: string) {
  const meter = page.getByRole('meter', { name });
  const [spent, held, limit] = await Promise.all(
    ['spent', 'held', 'limit'].map((part) => meter.getAttribute(`data-exact-${part}`, { timeout: 1_000 })),
  );
  return { spent, held, limit };
}

function figureOf(page: Page, title: string): Locator {
  return page.getByRole('figure').filter({ has: page.getByText(title, { exact: true }) });
}

async function exactIn(part: Locator): Promise<string> {
  return (await part.locator('[data-exact]').getAttribute('data-exact', { timeout: 1_000 })) ?? '';
}
