import { expect, test } from '@playwright/test';
import { joinProvider, subscribe } from './customer.ts';
import { expectFacts, region } from './facts.ts';
import { closeOtherContexts } from './other-contexts.ts';
import { openInConsole } from './provider.ts';
import { openShop } from './shop.ts';

const ISSUED_MS_MAX = 60_000;

test('a fee comes on an invoice, which the provider credits in part and marks as paid, and the owner reads', async ({
  page,
  browser,
}) => {
  const shop = await openShop(page);
  const context = await browser.newContext();
  const ownersPage = await context.newPage();
  const customer = await joinProvider(ownersPage, shop);
  await subscribe(ownersPage, 'Pro');
  const number = `${shop.name.toUpperCase()}-000001`;
  await test.step('the owner sees the invoice of the fee', async () => {
    await expect(async () => {
      await ownersPage.reload();
      await expect(region(ownersPage, 'Invoices').getByRole('link', { name: number })).toBeVisible({ timeout: 5_000 });
    }).toPass({ timeout: ISSUED_MS_MAX });
    await region(ownersPage, 'Invoices').getByRole('link', { name: number }).click();
    await expect(ownersPage.getByRole('heading', { level: 1 })).toHaveText(number);
    await expectFacts(ownersPage, { From: shop.name, To: customer.name, Total: '29.00 USD', 'Still due': '29.00 USD' });
    await expect(ownersPage.getByRole('row', { name: /^Pro/ })).toContainText('29.00 USD');
  });
  await openInConsole(page, 'Invoices');
  const row = page.getByRole('row').filter({ hasText: number });
  await expect(row).toContainText(customer.name);
  await expect(row).toContainText('Open');
  await row.getByRole('link', { name: number }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(number);
  const settle = region(page, 'Settle');
  await test.step('more than is due is not credited', async () => {
    await settle.getByLabel('Credit', { exact: true }).fill('30');
    await expect(settle.getByText('At most 29.00 USD are due.')).toBeVisible();
  });
  await test.step('a credit note takes a part back', async () => {
    await settle.getByLabel('Credit', { exact: true }).fill('4.50');
    await settle.getByLabel('Reason', { exact: true }).fill('An outage on Monday');
    await settle.getByRole('button', { name: 'Issue credit note' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Issue credit note' }).click();
    await expect(region(page, 'Credit notes').getByRole('row', { name: /An outage on Monday/ })).toContainText(
      '4.50 USD',
    );
    await expectFacts(page, { Total: '29.00 USD', Credited: '4.50 USD', 'Still due': '24.50 USD' });
  });
  await test.step('the rest is paid by hand', async () => {
    await settle.getByLabel('Paid by').fill('Bank transfer');
    await settle.getByRole('button', { name: 'Mark as paid' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Mark as paid' }).click();
    await expect(settle).toHaveCount(0);
    await expectFacts(page, { 'Paid by': 'Bank transfer', 'Still due': '0.00 USD' });
  });
  await ownersPage.reload();
  await expectFacts(ownersPage, { Credited: '4.50 USD', 'Paid by': 'Bank transfer', 'Still due': '0.00 USD' });
  await closeOtherContexts(browser, page.context());
});
