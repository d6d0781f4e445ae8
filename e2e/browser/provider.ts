import { expect, type Page } from '@playwright/test';
import { readLocal } from '../local.ts';
import { freshName } from '../subscriber.ts';
import { newPerson, type Person, signUp } from './person.ts';

/** An organization that sells, as its owner made it in the browser. */
export interface Provider {
  readonly owner: Person;
  readonly name: string;
  /** The address of its console. */
  readonly consoleUrl: string;
  /** The address of its consumer portal. */
  readonly portalUrl: string;
}

/** Signs a new owner up and names the organization. Ends at the console's home. */
export async function foundProvider(page: Page): Promise<Provider> {
  const { portalUrl } = readLocal();
  const owner = newPerson('provider');
  const name = freshName('shop');
  await page.goto(portalUrl);
  await page.getByRole('link', { name: 'Create a provider account' }).click();
  await signUp(page, owner);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Name your organization');
  await page.getByLabel('Organization name').fill(name);
  await expect(page.getByLabel('Address')).toHaveValue(name);
  await page.getByRole('button', { name: 'Create organization' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(name);
  const consoleUrl = `${portalUrl}/console/${name}`;
  await expect(page).toHaveURL(consoleUrl);
  return { owner, name, consoleUrl, portalUrl: `${portalUrl}/p/${name}` };
}

/** Opens a page of the console by its navigation. */
export async function openInConsole(page: Page, label: string): Promise<void> {
  const link = page.getByRole('navigation', { name: 'Console' }).getByRole('link', { name: label, exact: true });
  await link.click();
  await expect(page.getByRole('heading', { level: 1, name: label })).toBeVisible();
}
