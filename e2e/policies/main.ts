import assert from 'node:assert/strict';
import { parseArgs } from 'node:util';
import { withProduct } from '../../tools/product.mjs';
import { DAY_SECONDS, roomIn } from '../moments.ts';
import { createAnswers } from './answers.ts';
import { apiKeySuite } from './api-key.ts';
import { budgetSuite } from './budget.ts';
import { complexRateLimitSuite } from './complex-rate-limit.ts';
import { concurrencySuite } from './concurrency.ts';
import { headersSuite } from './headers.ts';
import { ipFilterSuite } from './ip-filter.ts';
import { openMarket } from './market.ts';
import { modelGuardSuite } from './model-guard.ts';
import { monetizationSuite } from './monetization.ts';
import { expectPolicyTypes } from './policy-types.ts';
import { quotaSuite } from './quota.ts';
import { rateLimitSuite } from './rate-limit.ts';
import { lineOf, textOf, writeReport } from './report.ts';
import { requestSizeSuite } from './request-size.ts';
import { requestValidationSuite } from './request-validation.ts';
import type { Played, PolicySuite, Scenario } from './scenario.ts';
import { scopesSuite } from './scopes.ts';
import { openTheatre, type Stage } from './stage.ts';
import { upstreamSuite } from './upstream.ts';

/** In the order of the registry, which is what `GET /policy-types` answers. */
const TYPES: readonly PolicySuite[] = [
  apiKeySuite,
  ipFilterSuite,
  requestSizeSuite,
  scopesSuite,
  monetizationSuite,
  headersSuite,
  requestValidationSuite,
  modelGuardSuite,
  concurrencySuite,
  rateLimitSuite,
  complexRateLimitSuite,
  quotaSuite,
  budgetSuite,
];
/** And what an API's upstream settings do, which are no policy type. */
const SUITES: readonly PolicySuite[] = [...TYPES, upstreamSuite];

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { report: { type: 'string', default: 'reports/policies.json' } },
});
const chosen = SUITES.filter(({ policy }) => positionals.length === 0 || positionals.includes(policy));
if (chosen.length < new Set(positionals).size) {
  process.stderr.write(`usage: npm run test:policies -- [${SUITES.map(({ policy }) => policy).join(' | ')}]\n`);
  process.exit(2);
}

await withProduct(async (home: string) => {
  process.env.TOLLWRIGHT_HOME = home;
  const market = await openMarket();
  await expectPolicyTypes(
    market.management,
    TYPES.map(({ policy }) => policy),
  );
  const enter = await openTheatre(market);
  const played: Played[] = [];
  for (const { policy, scenarios } of chosen) {
    for (const scenario of scenarios) {
      const one = await play(policy, scenario, enter);
      process.stdout.write(`${lineOf(one)}\n`);
      played.push(one);
    }
  }
  writeReport(values.report, played);
  const failed = played.filter(({ failure }) => failure !== null).length;
  process.stdout.write(`${played.length - failed} scenarios passed, ${failed} failed; ${values.report}\n`);
  if (failed > 0) process.exitCode = 1;
});

async function play(
  policy: string,
  scenario: Scenario,
  enter: (answers: ReturnType<typeof createAnswers>) => Stage,
): Promise<Played> {
  const answers = createAnswers();
  // Limits of a day, and budgets of a month, are counted across all calls of a scenario.
  await roomIn(DAY_SECONDS, 300);
  const startedAtMs = performance.now();
  const failure = await scenario.play(enter(answers)).then(
    () => null,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  const durationMs = performance.now() - startedAtMs;
  const seen = { statuses: answers.statuses(), upstreamCalls: await answers.upstreamCalls() };
  return { policy, scenario: scenario.title, ...seen, durationMs, failure: failure ?? differing(scenario, seen) };
}

/** In words, how far what was seen is from what the scenario expects; null when it is the same. */
function differing(scenario: Scenario, seen: Pick<Played, 'statuses' | 'upstreamCalls'>): string | null {
  const served = Object.entries(scenario.statuses).reduce((sum, [status, count]) => {
    return Number(status) < 300 ? sum + count : sum;
  }, 0);
  const wanted = { statuses: scenario.statuses, upstreamCalls: scenario.upstreamCalls ?? served };
  try {
    assert.deepEqual(seen, wanted);
    return null;
  } catch {
    return `expected ${textOf(wanted.statuses)}; upstream ${wanted.upstreamCalls}`;
  }
}
