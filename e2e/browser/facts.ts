import { expect, type Locator, type Page } from '@playwright/test';

/** Checks facts that a part of the page lists: each by its name, with the text beside it. */
export async function expectFacts(part: Page | Locator, facts: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, value] of Object.entries(facts)) await expect(factOf(part, name)).toHaveText(value);
}

/** The description that follows a term. */
export function factOf(part: Page | Locator, name: string): Locator {
  return part
    .getByRole('term')
    .and(part.getByText(name, { exact: true }))
    .locator('xpath=following-sibling::dd');
}

/** A part of a page by its heading. */
export function region(page: Page, name: string | RegExp): Locator {
  return page.getByRole('region', { name, exact: true });
}
