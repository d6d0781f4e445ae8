import type { ScenarioReport } from './report.ts';

/** A fault that exists only in processes of this test, and how the run has to show it. */
export interface Plant {
  readonly name: string;
  /** The scenario that finds it. */
  readonly scenario: string;
  /** The figure that shows it, in words, or null when it was not found. */
  shownBy(report: ScenarioReport): string | null;
}

export const PLANTS: readonly Plant[] = [
  {
    name: 'skip-reserve',
    scenario: 'split',
    shownBy: ({ overspendNanoUsd }) => (overspendNanoUsd > 0 ? `overspent by ${overspendNanoUsd} nano-USD` : null),
  },
  {
    name: 'drop-spool',
    scenario: 'kill-everywhere',
    shownBy: ({ lostEvents }) => (lostEvents > 0 ? `${lostEvents} events lost` : null),
  },
  {
    name: 'double-deliver',
    scenario: 'split',
    shownBy: ({ doubleEvents }) => (doubleEvents > 0 ? `${doubleEvents} events doubled` : null),
  },
  {
    name: 'stale-key',
    scenario: 'pause',
    shownBy: ({ counts, overspendNanoUsd }) =>
      (counts.servedRevoked ?? 0) > 0 && overspendNanoUsd > 0
        ? `a revoked key was served, for ${overspendNanoUsd} nano-USD`
        : null,
  },
  {
    name: 'no-dedupe',
    scenario: 'event-twice',
    shownBy: ({ doubleEvents }) => (doubleEvents > 0 ? `${doubleEvents} events counted twice` : null),
  },
  {
    name: 'charge-per-token',
    scenario: 'payment-networks',
    shownBy: ({ counts }) =>
      (counts.doubleDebits ?? 0) > 0 ? `payers were debited ${counts.doubleDebits} times too often` : null,
  },
];
