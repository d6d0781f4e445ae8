/**
 * The fault suite: real processes, stores, signals and proxies. `main.ts` chooses what runs; `stage.ts` opens the stores,
 * the worker and the upstream; `scene.ts` gives a scenario its gateways and customers; `count.ts` counts afterwards.
 *
 * A group of scenarios.ts, as `payments`, stands for its scenarios. A new scenario is a file in scenarios/ that exports a `Scenario` (see scenario.ts), and a line in scenarios.ts. It sends
 * calls with `scene.call`, breaks something, and answers which accounts to count; it counts no money itself.
 */
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { withProduct } from '../../tools/product.mjs';
import { gatewayKillReport } from './gateway-kill.ts';
import { closeOnSignals } from './open-things.ts';
import { PLANTS, type Plant } from './plants.ts';
import { faultReport, isGreen, type ScenarioReport, writeReport } from './report.ts';
import { runScenario, Stages } from './run-scenario.ts';
import type { Scenario } from './scenario.ts';
import { GROUPS, SCENARIOS } from './scenarios.ts';
import { type Ground, openGround } from './stage.ts';
import { ADAPTERS, type Adapter } from './store.ts';

const WHOLE_PRODUCT = 'gateway-kill';
const names = [WHOLE_PRODUCT, ...SCENARIOS.map(({ name }) => name)];
const USAGE = `usage: npm run test:faults [-- <scenario...>] [--adapter postgres|redis] [--short] [--rounds 10] [--seed n]
       npm run test:faults -- --plant <name>|all
scenarios: ${names.join(', ')}
groups: ${Object.keys(GROUPS).join(', ')}
plants: ${PLANTS.map(({ name }) => name).join(', ')}
`;

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    adapter: { type: 'string' },
    plant: { type: 'string' },
    short: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '10' },
    seed: { type: 'string', default: String(randomInt(1e9)) },
  },
});
const adapters = ADAPTERS.filter((adapter) => values.adapter === undefined || values.adapter === adapter);
const plants = PLANTS.filter(({ name }) => values.plant === 'all' || values.plant === name);
const rounds = Number(values.rounds);
const seed = Number(values.seed);
const isUsable =
  positionals.every((name) => names.includes(name) || name in GROUPS) &&
  adapters.length > 0 &&
  (values.plant === undefined || plants.length > 0) &&
  Number.isInteger(rounds) &&
  rounds > 0 &&
  Number.isInteger(seed);
if (!isUsable) {
  process.stderr.write(USAGE);
  process.exit(2);
}

// A build of the whole product takes minutes: the short form leaves it out unless it is named.
const onWholeProduct = positionals.length === 0 ? !values.short : positionals.includes(WHOLE_PRODUCT);
const asked = new Set(positionals.flatMap((name) => GROUPS[name]?.map((one) => one.name) ?? name));
const chosen = SCENARIOS.filter(({ name }) => asked.size === 0 || asked.has(name));
// Who reads the whole report must not take a part for it.
const isPart = positionals.length > 0 || values.adapter !== undefined;
closeOnSignals();
const isGood = values.plant === undefined ? await attack() : await plantAll(plants);
// What a broken scenario left open must not keep this process.
process.exit(isGood ? 0 : 1);

/** Every chosen scenario on every chosen adapter. True when nothing was found. */
async function attack(): Promise<boolean> {
  const reports: ScenarioReport[] = [];
  if (chosen.length > 0) {
    await onGround(async (ground) => {
      const stages = new Stages(ground, null);
      for (const adapter of adapters) {
        for (const scenario of chosen.filter((one) => adaptersOf(one).includes(adapter))) {
          const startedAt = Date.now();
          reports.push(await runScenario(stages, scenario, adapter, { short: values.short, seed }));
          say(reports.at(-1) as ScenarioReport, Date.now() - startedAt);
        }
        await stages.close();
      }
    });
  }
  if (onWholeProduct) {
    const startedAt = Date.now();
    reports.push(await withProduct((home: string) => gatewayKillReport(home, rounds)));
    say(reports.at(-1) as ScenarioReport, Date.now() - startedAt);
  }
  const report = faultReport(reports);
  writeReport(reportName(), report);
  process.stdout.write(`${JSON.stringify({ ...report, scenarios: reports.length })}\n`);
  return isGreen(report);
}

/** The long form of exactly a group has a report that stays; any other part is replaced by the next. */
function reportName(): string {
  if (!isPart) return 'faults.json';
  const [name = '', ...others] = positionals;
  if (values.short || others.length > 0 || !(name in GROUPS)) return 'faults-part.json';
  return `faults-${[name, values.adapter].filter((word) => word !== undefined).join('-')}.json`;
}

/** Runs each plant's scenario. A plant alone ends as its run does, which is red; of `all` each has to be found. */
async function plantAll(chosenPlants: readonly Plant[]): Promise<boolean> {
  const found: { name: string; adapter: Adapter; shownBy: string | null; report: ScenarioReport }[] = [];
  await onGround(async (ground) => {
    for (const [index, plant] of chosenPlants.entries()) {
      const scenario = SCENARIOS.find(({ name }) => name === plant.scenario);
      if (scenario === undefined) throw new Error(`${plant.name} needs the scenario ${plant.scenario}`);
      const adapter = adapters[index % adapters.length] as Adapter;
      const stages = new Stages(ground, plant.name);
      const report = await runScenario(stages, scenario, adapter, { short: true, seed });
      await stages.close();
      const shownBy = report.ok ? null : plant.shownBy(report);
      found.push({ name: plant.name, adapter, shownBy, report });
      process.stdout.write(`plant ${plant.name} (${scenario.name} on ${adapter}): ${shownBy ?? 'NOT FOUND'}\n`);
      if (shownBy === null) process.stdout.write(`${JSON.stringify(report)}\n`);
    }
  });
  writeReport('faults-plants.json', found);
  if (values.plant === 'all') return found.every(({ shownBy }) => shownBy !== null);
  return found.every(({ report }) => report.ok);
}

function adaptersOf({ adapters: able = ADAPTERS, shortAdapters = able }: Scenario): readonly Adapter[] {
  return values.short ? shortAdapters : able;
}

async function onGround(work: (ground: Ground) => Promise<void>): Promise<void> {
  const ground = await openGround();
  try {
    await work(ground);
  } finally {
    await ground.close();
  }
}

function say(report: ScenarioReport, durationMs: number): void {
  const { name, adapter, attempts, overspendNanoUsd, lostEvents, doubleEvents, ok, why } = report;
  const figures = `${attempts} attempts, ${overspendNanoUsd} overspent, ${lostEvents} lost, ${doubleEvents} doubled`;
  process.stdout.write(
    `${ok ? 'ok  ' : 'FAIL'} ${name} on ${adapter}: ${figures} (${(durationMs / 1000).toFixed(1)} s)\n`,
  );
  for (const line of why) process.stdout.write(`     ${line}\n`);
}
