import { expect, test } from '@playwright/test';
import { upstreamUrl } from '../upstream.ts';
import { region } from './facts.ts';
import { foundProvider, openInConsole } from './provider.ts';

const ATTEMPTED_MS_MAX = 60_000;

/** The sample upstream has no such address, and says so: an answer that is not a receipt. */
const receiver = () => `${upstreamUrl()}/hooks`;

test('a provider adds a webhook endpoint, tests it, sees what was sent and answered, and sends it again', async ({
  page,
}) => {
  await foundProvider(page);
  await openInConsole(page, 'Settings');
  await page.getByRole('link', { name: 'Webhooks' }).click();
  await test.step('adds an endpoint, whose secret is shown once', async () => {
    await region(page, 'Webhook endpoints').getByRole('button', { name: 'Add endpoint' }).click();
    const sheet = page.getByRole('dialog');
    await sheet.getByLabel('Address').fill(receiver());
    await sheet.getByLabel('What it is for').fill('Pages whoever is on call');
    await sheet.getByRole('button', { name: 'Add endpoint' }).click();
    await expect(sheet.getByText(/^whsec_\S+$/)).toBeVisible();
    await sheet.getByRole('button', { name: 'I have stored it' }).click();
    await expect(sheet).toBeHidden();
    await expect(page.getByText(/whsec_/)).toHaveCount(0);
  });
  const row = page.getByRole('table', { name: 'Webhook endpoints' }).getByRole('row').filter({ hasText: receiver() });
  await expect(row).toContainText('Pages whoever is on call');
  const sheet = page.getByRole('dialog');
  await test.step('sends a test event, and sees its request and the answer', async () => {
    await row.getByRole('button', { name: 'Send test event' }).click();
    await expect(sheet).toContainText('webhook_endpoint.tested');
    await expect(async () => {
      await page.reload();
      await expect(sheet).toContainText('Attempt 1', { timeout: 5_000 });
    }).toPass({ timeout: ATTEMPTED_MS_MAX });
    await expect(sheet).toContainText(/Status 40\d/);
    await expect(sheet).toContainText('webhook-signature: v1,');
    await expect(sheet).toContainText('Retrying');
  });
  await test.step('sends it again', async () => {
    await sheet.getByRole('button', { name: 'Replay' }).click();
    await expect(async () => {
      await page.reload();
      await expect(sheet).toContainText('Attempt 2', { timeout: 5_000 });
    }).toPass({ timeout: ATTEMPTED_MS_MAX });
  });
});
