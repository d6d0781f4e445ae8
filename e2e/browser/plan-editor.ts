import { expect, type Page } from '@playwright/test';
import { openInConsole } from './provider.ts';

/** Opens the form of a new plan and fills in its name and limits. */
export async function startPlan(
  page: Page,
  name: string,
  limits: { requestsPerMinute: string; tokensPerMonth: string },
): Promise<void> {
  await openInConsole(page, 'Plans');
  await page.getByRole('link', { name: 'Create plan' }).click();
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByLabel('Rate limit').fill(limits.requestsPerMinute);
  await page.getByLabel('In each').selectOption('a minute');
  await page.getByRole('button', { name: 'Add quota' }).click();
  await page.getByLabel('Feature').selectOption('Tokens');
  await page.getByLabel('Limit', { exact: true }).fill(limits.tokensPerMonth);
  await page.getByLabel('Period').selectOption('a month');
}

/** Adds a line to the prices by model, in USD per million tokens. */
export async function priceModel(
  page: Page,
  line: number,
  model: string,
  [input, output]: readonly [string, string],
): Promise<void> {
  await page.getByRole('button', { name: 'Add model' }).click();
  await page.getByLabel(`Model ${line}`, { exact: true }).fill(model);
  await page.getByLabel(`Input tokens of ${model}, USD per million`).fill(input);
  await page.getByLabel(`Output tokens of ${model}, USD per million`).fill(output);
}

/** Prices the units of the last price that was added in two tiers, each unit or the whole month by the tier it ends in. */
export async function priceInTiers(
  page: Page,
  first: { upTo: string; usdPerUnit: string },
  others: { usdPerUnit: string; flatUsd: string },
  priced: 'In tiers' | 'By the month’s volume' = 'In tiers',
): Promise<void> {
  await page.getByLabel('Priced').selectOption(priced);
  await page.getByLabel('Up to').fill(first.upTo);
  await page.getByLabel('Price of one unit').first().fill(first.usdPerUnit);
  await page.getByLabel('Price of one unit').last().fill(others.usdPerUnit);
  await page.getByLabel('Once, when reached').last().fill(others.flatUsd);
}

/** Keeps the new plan as a draft and publishes its first version. */
export async function createAndPublish(page: Page, plan: string, consequence: string): Promise<void> {
  await page.getByRole('button', { name: 'Create draft' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(plan);
  await publish(page, 1, consequence);
}

/** Publishes the draft that the page shows, after the dialog has said what that means. */
export async function publish(page: Page, version: number, consequence: string): Promise<void> {
  const label = `Publish version ${version}`;
  await page.getByRole('button', { name: label }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText(`It never changes again. ${consequence}`);
  await dialog.getByRole('button', { name: label }).click();
  await expect(page.getByRole('heading', { name: `Version ${version} Published` })).toBeVisible();
}
