import { expect, type Locator, type Page } from '@playwright/test';
import { freshName } from '../subscriber.ts';
import { newPerson, type Person, signUp } from './person.ts';
import type { Provider } from './provider.ts';

/** An organization that owns agents, as its owner made it in a provider's consumer portal. */
export interface Customer {
  readonly owner: Person;
  readonly name: string;
  readonly id: string;
  /** The address of its pages. */
  readonly url: string;
}

/** Signs a new owner up at the provider's door and names the organization. Ends at its home. */
export async function joinProvider(page: Page, provider: Provider): Promise<Customer> {
  const owner = newPerson('owner');
  const name = freshName('customer');
  await page.goto(provider.portalUrl);
  await page.getByRole('main').getByRole('link', { name: 'Create an account' }).first().click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(`Create your ${provider.name} account`);
  await signUp(page, owner);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(`Welcome to ${provider.name}`);
  await page.getByLabel('Organization name').fill(name);
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(name);
  const url = page.url();
  const id = /^.*\/(cus_[0-9a-z]{26})$/.exec(url)?.[1] ?? '';
  expect(url).toBe(`${provider.portalUrl}/${id}`);
  return { owner, name, id, url };
}

/** Opens a page of the consumer portal by its navigation. */
export async function openInPortal(page: Page, label: string): Promise<void> {
  await portalNavigation(page).getByRole('link', { name: label, exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: label })).toBeVisible();
}

/** Takes a plan on the billing page. */
export async function subscribe(page: Page, plan: string): Promise<void> {
  await openInPortal(page, 'Plan & billing');
  const label = `Subscribe to ${plan}`;
  await page.getByRole('button', { name: label }).click();
  await page.getByRole('dialog').getByRole('button', { name: label }).click();
  await expect(page.getByRole('heading', { level: 2, name: `Your plan: ${plan}`, exact: true })).toBeVisible();
}

export interface NewAgent {
  readonly name: string;
  readonly framework?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly monthlyUsd?: string;
}

/** Creates an agent. Ends at its page. */
export async function createAgent(page: Page, { name, framework, metadata = {}, monthlyUsd }: NewAgent): Promise<void> {
  await openInPortal(page, 'Agents');
  await page.getByRole('link', { name: 'Create agent' }).first().click();
  await page.getByLabel('Name', { exact: true }).fill(name);
  if (framework !== undefined) await page.getByLabel('Framework').fill(framework);
  if (monthlyUsd !== undefined) await page.getByLabel('Budget a month').fill(monthlyUsd);
  for (const [index, [key, value]] of Object.entries(metadata).entries()) {
    await page.getByRole('button', { name: 'Add a line' }).click();
    await page.getByLabel(`Name ${index + 1}`).fill(key);
    await page.getByLabel(`Value ${index + 1}`).fill(value);
  }
  await page.getByRole('button', { name: 'Create agent' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(name);
}

/** Creates a key on an agent's page with the cap that is proposed. Answers the key, which the page shows once. */
export async function createKey(page: Page, agent: string): Promise<string> {
  await page.getByRole('button', { name: 'Create key' }).click();
  const sheet = page.getByRole('dialog', { name: `Create a key for ${agent}` });
  await sheet.getByRole('button', { name: 'Create key' }).click();
  const shown = page.getByRole('dialog', { name: `Key of ${agent}` });
  const key = (await shown.getByText(/^[a-z][a-z0-9]+_live_[0-9A-Za-z]+$/).textContent()) ?? '';
  await shown.getByRole('button', { name: 'I have stored it' }).click();
  await expect(shown).toBeHidden();
  return key;
}

function portalNavigation(page: Page): Locator {
  return page.getByRole('banner').getByRole('navigation');
}
