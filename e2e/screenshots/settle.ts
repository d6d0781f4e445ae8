import type { Page } from '@playwright/test';

const QUIET_MS = 120;
const SETTLED_MS_MAX = 10_000;

/** Waits for fonts, for what is still loading, and until nothing on the page has changed for a moment. */
export async function settle(page: Page): Promise<void> {
  await page.waitForFunction(() => document.querySelector('main, [role="dialog"]') !== null);
  await page.waitForFunction(
    () => document.querySelector('[aria-busy="true"], [role="status"] .animate-breathe') === null,
  );
  await page.evaluate(untilQuiet, { quietMs: QUIET_MS, timeoutMs: SETTLED_MS_MAX });
}

/**
 * Runs in the page. A clock that counts seconds is no reason to wait, so characters that change do not count. No function
 * in here has a name: the compiler would mark it with a function that the page does not have.
 */
async function untilQuiet({ quietMs, timeoutMs }: { quietMs: number; timeoutMs: number }): Promise<void> {
  await document.fonts.ready;
  await new Promise<void>((resolve, reject) => {
    setTimeout(reject, timeoutMs, new Error('the page does not come to rest'));
    let timer = setTimeout(resolve, quietMs);
    const observer = new MutationObserver(() => {
      clearTimeout(timer);
      timer = setTimeout(resolve, quietMs);
    });
    observer.observe(document.body, { subtree: true, childList: true, attributes: true });
  });
}

/** Pages that keep themselves fresh do so while somebody looks: what is photographed and examined stands still. */
export async function lookAway(page: Page): Promise<void> {
  await page.evaluate(() => Object.defineProperty(document, 'visibilityState', { value: 'hidden' }));
}

/**
 * Makes the window so high that everything is in it: the page, or all that scrolls inside an open dialog. A picture of the
 * window is then one of the whole; Chromium's own pictures of what is beyond the window repeat parts when it is busy.
 */
export async function fitWindow(page: Page): Promise<void> {
  const size = page.viewportSize();
  if (size === null) return;
  const height = await page.evaluate(heightNeeded);
  if (height > size.height) await page.setViewportSize({ width: size.width, height });
}

/** Runs in the page. */
function heightNeeded(): number {
  const dialog = document.querySelector('[role="dialog"], [role="alertdialog"]');
  if (!dialog) return document.documentElement.scrollHeight;
  const parts = [dialog, ...dialog.querySelectorAll('*')];
  const scrolled = parts.filter((part) => ['auto', 'scroll'].includes(getComputedStyle(part).overflowY));
  return window.innerHeight + Math.max(0, ...scrolled.map((part) => part.scrollHeight - part.clientHeight));
}
