import type { Page } from '@playwright/test';
import { POLICY_TYPES } from '@tollwright/policies';
import type { Shot } from '../shot.ts';
import type { Stage } from '../stage.ts';

/** Pages about policy types, and where policies are set. */
export function policyShots({ acme, apiId, routes, plans }: Stage): readonly Shot[] {
  const pages = POLICY_TYPES.map(({ type }): Shot => {
    return { route: '/policies/[type]', role: 'nobody', name: `policy-${type}`, path: `/policies/${type}` };
  });
  const api = { route: '/console/[provider]/apis/[api]', role: 'provider-owner' } as const;
  const plan = { route: '/console/[provider]/plans/[plan]', role: 'provider-owner' } as const;
  const path = `/console/${acme}/apis/${apiId}?tab=policies`;
  return [
    { route: '/policies', role: 'nobody', name: 'policies', path: '/policies' },
    ...pages,
    { route: '/#not-found', role: 'nobody', name: 'not-found-policy', path: '/policies/magic', statuses: [404] },
    { ...api, name: 'api-policies', path },
    { ...api, name: 'api-policies-add', path, act: choosePolicy },
    { ...api, name: 'api-policies-new', path, act: (page) => newPolicy(page, 'Quota') },
    { ...api, name: 'api-policies-rows', path, act: newCounters },
    { ...api, name: 'api-policies-refused', path, act: refusedPolicy, statuses: [422] },
    { ...api, name: 'api-policies-edit', path, act: (page) => press(page, 'Edit Rate limit default') },
    { ...api, name: 'api-policies-remove', path, act: (page) => press(page, 'Remove Headers') },
    {
      ...api,
      name: 'api-route-policies-new',
      path: `/console/${acme}/apis/${apiId}?route=${routes.chat}`,
      act: (page) => newPolicy(page, 'Model guard'),
    },
    {
      ...plan,
      name: 'plan-draft-policies-new',
      path: `/console/${acme}/plans/${plans.draft}`,
      act: (page) => newPolicy(page, 'Monetization'),
    },
    { ...api, role: 'provider-viewer', name: 'api-policies', path },
    {
      ...api,
      role: 'provider-viewer',
      name: 'api-policy',
      path,
      act: (page) => press(page, 'Show Rate limit default'),
    },
  ];
}

async function press(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name }).click();
  await page.getByRole('dialog').waitFor();
}

async function choosePolicy(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Add policy' }).click();
  await page.getByRole('dialog', { name: 'Add policy' }).waitFor();
}

async function newPolicy(page: Page, title: string): Promise<void> {
  await choosePolicy(page);
  const sheet = page.getByRole('dialog', { name: 'Add policy' });
  await sheet.getByRole('button', { name: new RegExp(`^${title}`) }).click();
  await page.getByRole('dialog', { name: `Add ${title}` }).waitFor();
}

async function newCounters(page: Page): Promise<void> {
  await newPolicy(page, 'Counters');
  await page.getByRole('button', { name: 'Add an entry to Counters' }).click();
}

async function refusedPolicy(page: Page): Promise<void> {
  await newPolicy(page, 'Concurrency');
  await page.getByRole('button', { name: 'Save policy' }).click();
  await page.getByRole('dialog').getByRole('alert').waitFor();
}
