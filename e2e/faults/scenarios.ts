import type { Scenario } from './scenario.ts';
import { eventTwice } from './scenarios/event-twice.ts';
import { killEverywhere } from './scenarios/kill-everywhere.ts';
import { pause } from './scenarios/pause.ts';
import { split } from './scenarios/split.ts';

/** Every scenario on a stage, in the order in which they run. */
export const SCENARIOS: readonly Scenario[] = [split, pause, eventTwice, killEverywhere];
