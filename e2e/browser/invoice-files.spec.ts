import { readFile } from 'node:fs/promises';
import { expect, type Page, test } from '@playwright/test';
import { extractText, getDocumentProxy } from 'unpdf';
import { joinProvider, openInPortal, subscribe } from './customer.ts';
import { factOf, region } from './facts.ts';
import { closeOtherContexts } from './other-contexts.ts';
import { openInConsole } from './provider.ts';
import { openShop } from './shop.ts';

const ISSUED_MS_MAX = 60_000;
const BUYER = 'Łódź 株式会社';

/** What a link of the page downloads. */
async function downloaded(page: Page, link: string): Promise<{ readonly name: string; readonly bytes: Buffer }> {
  const waiting = page.waitForEvent('download');
  await page.getByRole('link', { name: link }).click();
  const download = await waiting;
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
}

test('an invoice says who sells, who buys and what tax, on the page, as PDF and as CSV; what was paid goes back', async ({
  page,
  browser,
}) => {
  const shop = await openShop(page);
  const context = await browser.newContext();
  const ownersPage = await context.newPage();
  const customer = await joinProvider(ownersPage, shop);
  await test.step('the provider says who it is, and adds a tax', async () => {
    await openInConsole(page, 'Settings');
    await page.getByRole('link', { name: 'Invoices', exact: true }).last().click();
    const seller = region(page, 'Seller and payment');
    await seller.getByLabel('Legal name').fill('Story GmbH');
    await seller.getByLabel('Postal address').fill('Hauptstraße 1\n10115 Berlin');
    await seller.getByLabel('Days to pay').fill('30');
    await seller.getByLabel('Reminders').fill('3, 10');
    await seller.getByLabel('Refuse live keys after').fill('20');
    await seller.getByRole('button', { name: 'Save invoice settings' }).click();
    await expect(seller.getByRole('status')).toHaveText('Saved');
    const rates = region(page, 'Add a tax rate');
    await rates.getByLabel('Tax', { exact: true }).fill('VAT');
    await rates.getByLabel('Percent').fill('19');
    await rates.getByLabel('Region').fill('Germany');
    await rates.getByRole('button', { name: 'Add tax rate' }).click();
    await expect(region(page, 'Tax rates').getByRole('row', { name: /VAT/ })).toContainText('19%');
    await expect(seller.getByLabel('Legal name')).toHaveValue('Story GmbH');
    await expect(seller.getByLabel('Reminders')).toHaveValue('3, 10');
    await expect(seller.getByLabel('Refuse live keys after')).toHaveValue('20');
  });
  await test.step('the owner says how it is named', async () => {
    await openInPortal(ownersPage, 'Plan & billing');
    const buyer = region(ownersPage, 'On your invoices');
    await expect(buyer.getByLabel('Tax', { exact: true })).toHaveCount(0);
    await buyer.getByLabel('Name on invoices').fill(BUYER);
    await buyer.getByLabel('Postal address').fill('ul. Piotrkowska 104');
    await buyer.getByRole('button', { name: 'Save billing data' }).click();
    await expect(buyer.getByRole('status')).toHaveText('Saved');
  });
  await test.step('the provider gives it the tax', async () => {
    await page.goto(`${page.url().split('/settings')[0]}/customers/${customer.id}?tab=billing`);
    const buyer = region(page, 'Buyer');
    await expect(buyer.getByLabel('Name on invoices')).toHaveValue(BUYER);
    await buyer.getByLabel('Tax', { exact: true }).selectOption({ label: 'VAT 19%, Germany' });
    await buyer.getByRole('button', { name: 'Save billing data' }).click();
    await expect(buyer.getByRole('status')).toHaveText('Saved');
  });
  await subscribe(ownersPage, 'Pro');
  const number = `${shop.name.toUpperCase()}-000001`;
  await test.step('the invoice of the fee says all of it', async () => {
    await expect(async () => {
      await ownersPage.reload();
      await expect(region(ownersPage, 'Invoices').getByRole('link', { name: number })).toBeVisible({ timeout: 5_000 });
    }).toPass({ timeout: ISSUED_MS_MAX });
    await region(ownersPage, 'Invoices').getByRole('link', { name: number }).click();
    await expect(ownersPage.getByRole('heading', { level: 1 })).toHaveText(number);
    await expect(factOf(ownersPage, 'From')).toContainText('Story GmbH');
    await expect(factOf(ownersPage, 'To')).toContainText(BUYER);
    await expect(factOf(ownersPage, 'Tax in it')).toHaveText('5.51 USD');
    await expect(factOf(ownersPage, 'Total')).toHaveText('34.51 USD');
  });
  await test.step('as PDF and as CSV', async () => {
    const pdf = await downloaded(ownersPage, 'Download PDF');
    expect(pdf.name).toBe(`${number}.pdf`);
    const { text } = await extractText(await getDocumentProxy(new Uint8Array(pdf.bytes)), { mergePages: true });
    const words = text.replace(/\s/g, '');
    for (const part of [number, 'StoryGmbH', 'Hauptstraße1', 'Łódź株式会社', 'VAT19%,Germany5.51', 'Total34.51']) {
      expect(words).toContain(part);
    }
    const csv = await downloaded(ownersPage, 'Usage as CSV');
    expect(csv.name).toBe(`${number}-usage.csv`);
    expect(csv.bytes.toString('utf8').split('\r\n')[1]).toMatch(/^1,fee,.*,29\.00$/);
  });
  await test.step('the provider has the same file', async () => {
    await openInConsole(page, 'Invoices');
    await page.getByRole('row').filter({ hasText: number }).getByRole('link', { name: number }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(number);
    expect((await downloaded(page, 'Download PDF')).name).toBe(`${number}.pdf`);
  });
  await test.step('what was paid goes back with a credit note', async () => {
    const settle = region(page, 'Settle');
    await settle.getByLabel('Paid by').fill('Bank transfer of May');
    await settle.getByRole('button', { name: 'Mark as paid' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Mark as paid' }).click();
    const back = region(page, 'Pay back');
    await back.getByLabel('Credit').fill('11.90');
    await back.getByLabel('Reason').fill('Slow week');
    await back.getByLabel('Paid back by').fill('Wire of June');
    await back.getByRole('button', { name: 'Issue credit note' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Issue credit note' }).click();
    const note = page.getByRole('table', { name: 'Credit notes' }).getByRole('row', { name: /Slow week/ });
    await expect(note).toContainText('paid back: Wire of June');
    await expect(note).toContainText('11.90 USD');
  });
  await closeOtherContexts(browser, page.context());
});
