import type { Browser, BrowserContext } from '@playwright/test';

/** Closes what a test opened beside its own context: pages that are left open keep reading their figures. */
export async function closeOtherContexts(browser: Browser, own: BrowserContext): Promise<void> {
  await Promise.all(browser.contexts().map((context) => (context === own ? undefined : context.close())));
}
