import type { Page } from '@playwright/test';
import { readLocal } from '../local.ts';

export interface HandMadeCall {
  /** `prv_…` or `prv_…/cus_…`. */
  readonly organization: string;
  readonly procedure: string;
  readonly input: object;
}

/** Calls a mutation with the session of a page and without the page: its status, and the slug of its refusal. */
export async function mutate(page: Page, { organization, procedure, input }: HandMadeCall) {
  const response = await page.request.post(`${readLocal().portalUrl}/api/trpc/${procedure}`, {
    headers: { 'x-tollwright-organization': organization },
    data: input,
  });
  const answer = (await response.json()) as { error?: { data: { problem: { slug: string } } } };
  return { status: response.status(), slug: answer.error?.data.problem.slug ?? null };
}
