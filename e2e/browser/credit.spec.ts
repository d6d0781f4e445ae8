import { expect, type Page, test } from '@playwright/test';
import { joinProvider, openInPortal, subscribe } from './customer.ts';
import { region } from './facts.ts';
import { closeOtherContexts } from './other-contexts.ts';
import { openInConsole } from './provider.ts';
import { openShop } from './shop.ts';

const DAY_MS = 86_400_000;

test('a provider gives credit of both kinds, and the owner reads what is used first and when it expires', async ({
  page,
  browser,
}) => {
  const shop = await openShop(page);
  const context = await browser.newContext();
  const ownersPage = await context.newPage();
  const customer = await joinProvider(ownersPage, shop);
  await subscribe(ownersPage, 'Pro');
  await openInConsole(page, 'Customers');
  await page.getByRole('link', { name: customer.name, exact: true }).click();
  const credit = region(page, 'Credit');
  await test.step('paid by hand, without an expiry', async () => {
    await give(page, { amount: '20', why: 'Bank transfer of May', kind: 'Paid by hand' });
    await expect(credit.getByRole('row', { name: /Bank transfer of May/ })).toContainText('In use');
  });
  await test.step('promotional, expiring in three days, is used first', async () => {
    const expires = new Date(Date.now() + 3 * DAY_MS).toISOString().slice(0, 16);
    await give(page, { amount: '5', why: 'Sorry for Monday', kind: 'Promotional', expires });
    await expectOrder(page);
  });
  await test.step('an amount below zero takes promotional credit back', async () => {
    await give(page, { amount: '-1.50', why: 'Too much' });
    await expect(credit.getByRole('row', { name: /Too much/ })).toContainText(/[-−]1\.50 USD/);
    await expect(leftRows(page).nth(0)).toContainText('3.50 USD');
  });
  await openInPortal(ownersPage, 'Plan & billing');
  await test.step('the owner reads the same', async () => {
    await expectOrder(ownersPage);
    await expect(leftRows(ownersPage).nth(0)).toContainText('3.50 USD');
    await expect(region(ownersPage, 'Credit').getByRole('button', { name: 'Give credit' })).toHaveCount(0);
  });
  await closeOtherContexts(browser, page.context());
});

interface Gift {
  readonly amount: string;
  readonly why: string;
  readonly kind?: string;
  /** UTC, as the field takes it. */
  readonly expires?: string;
}

async function give(page: Page, { amount, why, kind, expires }: Gift): Promise<void> {
  const credit = region(page, 'Credit');
  await credit.getByLabel('Give credit').fill(amount);
  await credit.getByLabel('Why').fill(why);
  if (kind !== undefined) await credit.getByLabel('Kind').selectOption({ label: kind });
  if (expires !== undefined) await credit.getByLabel('Expires').fill(expires);
  await credit.getByRole('button', { name: 'Give credit' }).click();
  await expect(credit.getByRole('row', { name: new RegExp(why) })).toBeVisible();
}

/** The rows of what is left, first what is used first. */
function leftRows(page: Page) {
  const table = region(page, 'Credit').getByRole('table', { name: 'What is left, in the order of use' });
  return table.getByRole('row').filter({ hasText: 'USD' });
}

async function expectOrder(page: Page): Promise<void> {
  await expect(leftRows(page).nth(0)).toContainText('Promotional');
  await expect(leftRows(page).nth(0)).toContainText('Soon');
  await expect(leftRows(page).nth(1)).toContainText('Paid');
  await expect(leftRows(page).nth(1)).toContainText('Never');
  await expect(leftRows(page).nth(1)).toContainText('20.00 USD');
}
