import { type Browser, expect, type Page, test } from '@playwright/test';
import { readLocal } from '../local.ts';
import { mailedLink } from '../mail.ts';
import { done } from '../management.ts';
import { freshName } from '../subscriber.ts';
import { mutate } from './by-hand.ts';
import { createAgent, joinProvider, openInPortal, subscribe } from './customer.ts';
import { closeOtherContexts } from './other-contexts.ts';
import { newPerson, type Person, signIn, signOut } from './person.ts';
import { foundProvider, openInConsole, type Provider } from './provider.ts';
import { openShop, type Shop } from './shop.ts';

async function newPage(browser: Browser): Promise<Page> {
  return (await browser.newContext()).newPage();
}

test.afterEach(({ browser, context }) => closeOtherContexts(browser, context));

test('who signs out is asked to sign in; a new password by mail ends the old one and other sessions', async ({
  page,
  browser,
}) => {
  const provider = await foundProvider(page);
  const { owner, consoleUrl } = provider;
  const elsewhere = await newPage(browser);
  await openSignedOut(elsewhere, provider);
  await signIn(elsewhere, owner);
  await expect(elsewhere).toHaveURL(consoleUrl);

  await signOut(page, owner);
  await openSignedOut(page, provider);
  await page.getByRole('link', { name: 'Forgot your password?' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Choose a new password');
  await page.getByLabel('E-mail').fill(owner.email);
  await page.getByRole('button', { name: 'Send link' }).click();
  await expect(page.getByRole('note')).toContainText('Check your mail');
  await page.goto(await mailedLink(owner.email, 'Choose a new password'));
  const renewed = { ...owner, password: `another ${owner.password}` };
  await page.getByLabel('New password').fill(renewed.password);
  await page.getByRole('button', { name: 'Save password' }).click();
  await expect(page.getByText('Other sessions are signed out.')).toBeVisible();

  await openSignedOut(elsewhere, provider);
  await signIn(elsewhere, owner);
  await expect(elsewhere.getByText('The address or the password is wrong')).toBeVisible();
  await page.getByRole('link', { name: 'Sign in' }).click();
  await signIn(page, renewed);
  await expect(page).toHaveURL(consoleUrl);
});

/** Opens the console without a session: the way leads to the sign-in form. */
async function openSignedOut(page: Page, { consoleUrl }: Provider): Promise<void> {
  await page.goto(consoleUrl);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sign in');
}

test('a viewer of both sides, invited by mail, sees everything and changes nothing', async ({ page, browser }) => {
  const shop = await openShop(page);
  const { id: providerId } = await done(shop.management.GET('/provider'));
  const own = await newPage(browser);
  const customer = await joinProvider(own, shop);
  await subscribe(own, 'Pro');
  await createAgent(own, { name: 'agent-alpha' });
  const viewer = newPerson('viewer');
  const look = await newPage(browser);

  await test.step('is invited to the provider by mail and joins', async () => {
    await openInConsole(page, 'Settings');
    await page.getByRole('link', { name: 'Team' }).click();
    await invite(page, viewer);
    await look.goto(await mailedLink(viewer.email, `Join ${shop.name}`));
    await expect(look.getByLabel('E-mail')).toHaveValue(viewer.email);
    await look.getByLabel('Your name').fill(viewer.name);
    await look.getByLabel('Password').fill(viewer.password);
    await look.getByRole('button', { name: 'Create account' }).click();
    await expect(look.getByRole('heading', { level: 1 })).toHaveText('Sign in');
    await signIn(look, viewer);
    await join(look, shop.name);
    await expect(look).toHaveURL(shop.consoleUrl);
  });
  await test.step('sees the console without anything to change', () => expectConsoleReadOnly(look, shop));
  await test.step('is invited to the customer by mail and joins', async () => {
    await openInPortal(own, 'Team');
    await invite(own, viewer);
    await look.goto(await mailedLink(viewer.email, `Join ${customer.name} at ${shop.name}`));
    await join(look, shop.name);
    await expect(look).toHaveURL(customer.url);
  });
  await test.step('sees the portal without anything to change', () => expectPortalReadOnly(look));
  await test.step('has both places by one e-mail address', async () => {
    await look.goto(`${readLocal().portalUrl}/console`);
    await expect(look.getByRole('list').getByRole('link')).toHaveText([
      `${shop.name}Provider console · viewer`,
      `${customer.name}Customer of ${shop.name} · viewer`,
    ]);
  });
  await test.step('is refused what the pages do not offer, where an owner is not', async () => {
    const meter = { slug: 'by_hand', name: 'By hand', eventType: 'request', aggregation: 'COUNT', valueProperty: null };
    const asProvider = { organization: providerId, procedure: 'meter.create', input: { ...meter, groupBy: {} } };
    const asCustomer = {
      organization: `${providerId}/${customer.id}`,
      procedure: 'agent.create',
      input: { name: freshName('agent') },
    };
    for (const [call, owner] of [
      [asProvider, page],
      [asCustomer, own],
    ] as const) {
      expect(await mutate(look, call)).toEqual({ status: 403, slug: 'forbidden' });
      expect(await mutate(owner, call)).toEqual({ status: 200, slug: null });
    }
  });
});

async function invite(page: Page, { email }: Person): Promise<void> {
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Role').selectOption('Viewer: looks');
  await page.getByRole('button', { name: 'Send invitation' }).click();
  await expect(page.getByRole('note')).toContainText(`Invitation sent to ${email}`);
  await expect(page.getByRole('table', { name: 'Open invitations' })).toContainText(email);
}

async function join(page: Page, organization: string): Promise<void> {
  await expect(page.getByText('You are invited as viewer.')).toBeVisible();
  await page.getByRole('button', { name: `Join ${organization}` }).click();
}

/** What owners press on the pages that a viewer opens here. */
const CHANGES =
  /^(Add|Create|Start|Publish|Archive|Rename|Suspend|Move|Subscribe|End|Revoke|Set|Change|Save|Send|Remove|Price)\b/;

async function expectConsoleReadOnly(page: Page, shop: Shop): Promise<void> {
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(shop.name);
  await expectNothingToChange(page);
  for (const [label, words] of [
    ['APIs', 'Only owners can add APIs.'],
    ['Meters', 'Only owners can create meters.'],
    ['Plans', 'Only owners can create plans.'],
    ['Customers', 'Only owners can add customers.'],
    ['Settings', 'Only owners can change settings. Your role is viewer.'],
  ] as const) {
    await openInConsole(page, label);
    await expect(page.getByText(words)).toBeVisible();
    await expectNothingToChange(page);
  }
  await openInConsole(page, 'Plans');
  await page.getByRole('link', { name: 'Pro', exact: true }).click();
  await expect(page.getByRole('region', { name: 'Version 1 Published' })).toContainText('1,000,000 tokens a month');
  await expectNothingToChange(page);
}

async function expectPortalReadOnly(page: Page): Promise<void> {
  for (const [label, words] of [
    ['Agents', 'agent-alpha'],
    ['Plan & billing', '1,000,000'],
    ['Team', 'Owners change this; you are a viewer here.'],
  ] as const) {
    await openInPortal(page, label);
    await expect(page.getByRole('main')).toContainText(words);
    await expectNothingToChange(page);
  }
  await openInPortal(page, 'Agents');
  await page.getByRole('link', { name: 'agent-alpha' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('agent-alpha');
  await expectNothingToChange(page);
}

async function expectNothingToChange(page: Page): Promise<void> {
  const main = page.getByRole('main');
  await expect(main.getByRole('button', { name: CHANGES, disabled: false })).toHaveCount(0);
  await expect(main.getByRole('link', { name: CHANGES })).toHaveCount(0);
}

test('what belongs to others is not found, also for who is signed in at the same portal', async ({ page, browser }) => {
  const provider = await foundProvider(page);
  const mine = await newPage(browser);
  const customer = await joinProvider(mine, provider);
  const neighbour = await joinProvider(await newPage(browser), provider);
  const { portalUrl } = readLocal();
  for (const url of [
    neighbour.url,
    `${neighbour.url}/agents`,
    `${portalUrl}/p/acme/${customer.id}`,
    provider.consoleUrl,
    `${portalUrl}/console/acme`,
    `${portalUrl}/console/acme/customers`,
  ]) {
    await expectNotFound(mine, url);
  }
  await mine.goto(customer.url);
  await expect(mine.getByRole('heading', { level: 1 })).toHaveText(customer.name);
  await expectNotFound(page, `${portalUrl}/console/acme`);
  await expectNotFound(page, customer.url);
});

async function expectNotFound(page: Page, url: string): Promise<void> {
  const response = await page.goto(url);
  expect([url, response?.status()]).toEqual([url, 404]);
  await expect(page.getByText('There is nothing here')).toBeVisible();
}
