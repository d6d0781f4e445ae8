import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from '@playwright/test';
import type axe from 'axe-core';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const COLOUR_RULES = ['color-contrast', 'link-in-text-block'];

/** Violations of axe's rules, one line per element: of the rules about colours, which depend on the theme, or of all others. */
export async function axeViolations(page: Page, rules: 'colours' | 'structure'): Promise<readonly string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(source);
  const others = Object.fromEntries(COLOUR_RULES.map((rule) => [rule, { enabled: false }]));
  const options = {
    resultTypes: ['violations'],
    ...(rules === 'colours' ? { runOnly: COLOUR_RULES } : { rules: others }),
  };
  const violations = await page.evaluate(async (chosen) => {
    const { run } = (window as unknown as { axe: typeof axe }).axe;
    return (await run(chosen as axe.RunOptions)).violations;
  }, options);
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, any }) => `${id}: ${help}: ${target.join(' ')} ${any[0]?.message ?? ''}`.trim()),
  );
}
