import { mkdirSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';

/** One scenario on one adapter. `counts` are raw: its own figures and those of the three witnesses. */
export interface ScenarioReport {
  readonly name: string;
  readonly adapter: string;
  readonly attempts: number;
  readonly overspendNanoUsd: number;
  readonly lostEvents: number;
  readonly doubleEvents: number;
  readonly counts: Readonly<Record<string, number>>;
  readonly ok: boolean;
  /** Why it is not ok; empty where it is. */
  readonly why: readonly string[];
}

export interface FaultReport {
  readonly attempts: number;
  readonly overspendNanoUsd: number;
  readonly lostEvents: number;
  readonly doubleEvents: number;
  readonly scenarios: readonly ScenarioReport[];
}

export function faultReport(scenarios: readonly ScenarioReport[]): FaultReport {
  const sum = (name: 'attempts' | 'overspendNanoUsd' | 'lostEvents' | 'doubleEvents') =>
    scenarios.reduce((total, scenario) => total + scenario[name], 0);
  return {
    ...{ attempts: sum('attempts'), overspendNanoUsd: sum('overspendNanoUsd') },
    ...{ lostEvents: sum('lostEvents'), doubleEvents: sum('doubleEvents'), scenarios },
  };
}

/** Whether nothing was overspent, lost or doubled and every scenario went as it has to. */
export function isGreen({ overspendNanoUsd, lostEvents, doubleEvents, scenarios }: FaultReport): boolean {
  return overspendNanoUsd + lostEvents + doubleEvents === 0 && scenarios.length > 0 && scenarios.every(({ ok }) => ok);
}

/** Writes a report below reports/. */
export function writeReport(name: string, report: object): void {
  const folder = resolve(import.meta.dirname, '../../reports');
  mkdirSync(folder, { recursive: true });
  writeFileSync(resolve(folder, name), `${JSON.stringify(report, null, 2)}\n`);
}
