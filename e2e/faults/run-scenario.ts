import { roomInMonth } from '../moments.ts';
import { countAll, type Figures } from './count.ts';
import type { ScenarioReport } from './report.ts';
import type { Attack, Scenario, Size } from './scenario.ts';
import { openScene } from './scene.ts';
import { type Ground, openStage, type Sells, type Stage } from './stage.ts';
import type { Adapter, StoreKind } from './store.ts';

/** Stages of a run: one for each adapter, and others for scenarios that break theirs. */
export class Stages {
  readonly #ground: Ground;
  readonly #plant: string | null;
  readonly #kept = new Map<Adapter, Stage>();

  constructor(ground: Ground, plant: string | null) {
    this.#ground = ground;
    this.#plant = plant;
  }

  async use<T>(adapter: Adapter, scenario: Scenario, work: (stage: Stage) => Promise<T>): Promise<T> {
    const { store = 'shared', sellsToStrangers = false } = scenario;
    if (store === 'shared' && !sellsToStrangers) return work(await this.#shared(adapter));
    const stage = await this.#open(adapter, store, sellsToStrangers);
    try {
      return await work(stage);
    } finally {
      await stage.close();
    }
  }

  async close(): Promise<void> {
    for (const stage of this.#kept.values()) await stage.close();
    this.#kept.clear();
  }

  async #shared(adapter: Adapter): Promise<Stage> {
    const stage = this.#kept.get(adapter) ?? (await this.#open(adapter, 'shared'));
    this.#kept.set(adapter, stage);
    return stage;
  }

  #open(adapter: Adapter, storeKind: StoreKind, sellsToStrangers: Sells = false): Promise<Stage> {
    return openStage({ ground: this.#ground, adapter, storeKind, plant: this.#plant, sellsToStrangers });
  }
}

/** Budgets are of a month: none ends within a scenario. */
const SCENARIO_SECONDS_MAX = 600;

/** Runs a scenario on an adapter and counts. One that breaks off is a report too, which is not ok. */
export async function runScenario(
  stages: Stages,
  scenario: Scenario,
  adapter: Adapter,
  size: Size,
): Promise<ScenarioReport> {
  const { name } = scenario;
  await roomInMonth(SCENARIO_SECONDS_MAX);
  try {
    return await stages.use(adapter, scenario, async (stage) => {
      const scene = openScene(stage);
      try {
        const attack = await scenario.run(scene, size);
        const figures = await countAll(stage, attack.counted);
        await attack.afterwards?.();
        const report = reportOf(name, adapter, attack, figures);
        if (!report.ok && stage.plant === null) sayLogs([stage.worker, ...scene.gateways]);
        return report;
      } catch (error) {
        sayLogs([stage.worker, ...scene.gateways]);
        throw error;
      } finally {
        await scene.close();
      }
    });
  } catch (error) {
    const why = [error instanceof Error ? (error.stack ?? error.message) : String(error)];
    return {
      name,
      adapter,
      attempts: 0,
      overspendNanoUsd: 0,
      lostEvents: 0,
      doubleEvents: 0,
      counts: {},
      ok: false,
      why,
    };
  }
}

function reportOf(name: string, adapter: Adapter, attack: Attack, figures: Figures): ScenarioReport {
  const { overspendNanoUsd, lostEvents, doubleEvents } = figures;
  const why = [...attack.failures, ...figures.failures];
  if (overspendNanoUsd > 0) why.push(`${overspendNanoUsd} nano-USD beyond the limit`);
  if (lostEvents > 0) why.push(`${lostEvents} forwarded calls have no event`);
  if (doubleEvents > 0) why.push(`${doubleEvents} events too many`);
  if (figures.counts.upstreamCalls === 0) why.push('the upstream saw no call');
  return {
    ...{ name, adapter, attempts: attack.attempts, overspendNanoUsd, lostEvents, doubleEvents },
    ...{ counts: { ...attack.raw, ...figures.counts }, ok: why.length === 0, why },
  };
}

function sayLogs(programs: readonly { readonly name: string; log(): string }[]): void {
  for (const program of programs) process.stderr.write(`--- ${program.name}\n${program.log().slice(-3_000)}\n`);
}
