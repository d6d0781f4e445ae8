import { expect, type Locator, type Page } from '@playwright/test';

/** One of a page's tabs. */
export function tab(page: Page, tabs: string, name: string): Locator {
  return page.getByRole('navigation', { name: tabs, exact: true }).getByRole('link', { name });
}

/** A route in the table of an API, by its path. */
export function routeRow(page: Page, path: string): Locator {
  const link = page.getByRole('link', { name: path });
  return page.getByRole('table', { name: 'Routes' }).getByRole('row').filter({ has: link });
}

/** Changes a route in its sheet and saves it. */
export async function changeRoute(
  page: Page,
  path: string,
  change: (sheet: Locator) => Promise<unknown>,
): Promise<void> {
  await routeRow(page, path).getByRole('link').click();
  const sheet = page.getByRole('dialog');
  await change(sheet);
  await sheet.getByRole('button', { name: 'Save route' }).click();
  await expect(sheet).toBeHidden();
}

/** Presses a button, then the button of the dialog that asks back. */
export async function confirm(page: Page, trigger: string, label: string): Promise<void> {
  await page.getByRole('button', { name: trigger }).click();
  await page.getByRole('dialog').getByRole('button', { name: label }).click();
  await expect(page.getByRole('dialog')).toBeHidden();
}
