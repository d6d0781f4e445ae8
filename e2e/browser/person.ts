import { expect, type Page } from '@playwright/test';
import { mailedLink } from '../mail.ts';
import { freshName } from '../subscriber.ts';

/** Somebody with a browser and a mailbox. */
export interface Person {
  readonly name: string;
  readonly email: string;
  readonly password: string;
}

export function newPerson(stem: string): Person {
  const name = freshName(stem);
  return { name, email: `${name}@stories.test`, password: `correct horse ${name}` };
}

/** From the sign-up form that the page shows to where the portal leads after the first sign-in. */
export async function signUp(page: Page, person: Person): Promise<void> {
  await page.getByLabel('Your name').fill(person.name);
  await page.getByLabel('E-mail').fill(person.email);
  await page.getByLabel('Password').fill(person.password);
  await page.getByRole('button', { name: 'Create account' }).click();
  await expect(page.getByRole('note')).toContainText(`We sent a link to ${person.email}`);
  await page.goto(await mailedLink(person.email, 'Confirm your address'));
  await page.getByRole('button', { name: 'Confirm my address' }).click();
  await page.getByRole('link', { name: 'Sign in' }).click();
  await signIn(page, person);
}

/** Fills the sign-in form that the page shows. */
export async function signIn(page: Page, { email, password }: Person): Promise<void> {
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

/** Goes out by the account menu. */
export async function signOut(page: Page, { name }: Person): Promise<void> {
  await page.getByRole('button', { name: `Account of ${name}` }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.waitForURL(({ pathname }) => pathname !== '/sign-out');
}
