import { expect, type Locator, type Page } from '@playwright/test';
import { confirm, routeRow, tab } from './console-pages.ts';
import { openInConsole } from './provider.ts';

/** Opens the policies that hold on every route of an API. */
export async function openApiPolicies(page: Page, api: string): Promise<void> {
  await openApi(page, api);
  await tab(page, api, 'Policies').click();
  await expect(page.getByRole('heading', { level: 2, name: 'Policies' })).toBeVisible();
}

/** Opens the sheet of a route, which has the policies of that route. */
export async function openRoutePolicies(page: Page, api: string, path: string): Promise<void> {
  await openApi(page, api);
  await routeRow(page, path).getByRole('link').click();
  await expect(page.getByRole('dialog').getByRole('heading', { name: 'Policies' })).toBeVisible();
}

async function openApi(page: Page, api: string): Promise<void> {
  await openInConsole(page, 'APIs');
  await page.getByRole('table', { name: 'APIs' }).getByRole('link', { name: api, exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: api })).toBeVisible();
}

/** Chooses a type and waits for its form. */
export async function startPolicy(page: Page, title: string): Promise<Locator> {
  await page.getByRole('button', { name: 'Add policy' }).click();
  const sheet = page.getByRole('dialog', { name: 'Add policy' });
  await sheet.getByRole('button', { name: new RegExp(`^${title}`) }).click();
  return page.getByRole('dialog', { name: `Add ${title}` });
}

/** Adds a policy by its form where the page lists policies. */
export async function addPolicy(page: Page, title: string, fill: (form: Locator) => Promise<unknown>): Promise<void> {
  const form = await startPolicy(page, title);
  await fill(form);
  await form.getByRole('button', { name: 'Save policy' }).click();
  await expect(form).toBeHidden();
  await expect(policyLine(page, title)).toBeVisible();
}

/** A policy in the list that the page shows. */
export function policyLine(page: Page, title: string): Locator {
  return page
    .getByRole('list', { name: /^Policies in the order/ })
    .getByRole('listitem')
    .filter({ hasText: title });
}

/** Removes a policy from the list that the page shows. `name` is its title, and its own name where it has one. */
export async function removePolicy(page: Page, name: string): Promise<void> {
  await confirm(page, `Remove ${name}`, 'Remove policy');
  await expect(policyLine(page, name)).toBeHidden();
}
