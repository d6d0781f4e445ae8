import type { Page } from '@playwright/test';
import type { Shot } from '../shot.ts';
import type { Stage } from '../stage.ts';

const WRONG_TOKEN = 'x'.repeat(43);

/** Tollwright's own door: signing up and in, and what mailed links lead to. */
export function accountShots(stage: Stage): readonly Shot[] {
  const nobody = (route: string, name: string, rest: Partial<Shot> = {}): Shot => ({
    route,
    role: 'nobody',
    name,
    path: route,
    ...rest,
  });
  return [
    nobody('/', 'start'),
    nobody('/sign-in', 'sign-in'),
    nobody('/sign-in', 'sign-in-wrong-password', { statuses: [401], act: signInWrongly }),
    nobody('/sign-up', 'sign-up'),
    nobody('/sign-up', 'sign-up-without-name', { statuses: [400], act: signUpBadly }),
    nobody('/forgot-password', 'forgot-password'),
    nobody('/forgot-password', 'forgot-password-sent', { act: askForReset }),
    nobody('/reset-password', 'reset-password', { path: `/reset-password?token=${WRONG_TOKEN}` }),
    nobody('/verify-email', 'verify-email', { path: `/verify-email?token=${WRONG_TOKEN}` }),
    nobody('/verify-email', 'verify-email-over', {
      path: `/verify-email?token=${WRONG_TOKEN}`,
      statuses: [400],
      act: (page) => press(page, 'Confirm my address'),
    }),
    nobody('/invitation', 'invitation', { path: `/invitation?token=${stage.invitationToken}` }),
    nobody('/invitation', 'invitation-over', { path: `/invitation?token=${WRONG_TOKEN}` }),
    { route: '/sign-out', role: 'newcomer', name: 'sign-out', path: '/sign-out' },
    { route: '/console/new', role: 'newcomer', name: 'new-organization', path: '/console/new' },
    { route: '/console', role: 'fleet-owner', name: 'organizations', path: '/console' },
  ];
}

async function press(page: Page, button: string): Promise<void> {
  await page.getByRole('button', { name: button }).click();
  // Next keeps an alert of its own, outside main, that says where a navigation led.
  await page.getByRole('main').getByRole('alert').waitFor();
}

async function signInWrongly(page: Page): Promise<void> {
  await page.getByLabel('E-mail').fill('somebody@example.test');
  await page.getByLabel('Password').fill('not the password');
  await press(page, 'Sign in');
}

async function signUpBadly(page: Page): Promise<void> {
  await page.getByLabel('Your name').fill(' ');
  await page.getByLabel('E-mail').fill('somebody@example.test');
  await page.getByLabel('Password').fill('ten letters');
  await press(page, 'Create account');
}

async function askForReset(page: Page): Promise<void> {
  await page.getByLabel('E-mail').fill('somebody@example.test');
  await page.getByRole('button', { name: /link/i }).click();
  await page.getByText(/check your mail/i).waitFor();
}
