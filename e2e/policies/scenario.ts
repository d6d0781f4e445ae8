import type { Stage } from './stage.ts';

/** How often each status was answered. */
export type Statuses = Readonly<Record<number, number>>;

/** One way to set a policy, and what its callers feel. `play` calls the gateway and asserts what answers say. */
export interface Scenario {
  readonly title: string;
  /** Every status that has to be seen, with how often. */
  readonly statuses: Statuses;
  /** Calls that have to reach the upstream, where they are not the answers below 300. */
  readonly upstreamCalls?: number;
  readonly play: (stage: Stage) => Promise<void>;
}

/** The scenarios of one policy type, or of an API's upstream settings. */
export interface PolicySuite {
  readonly policy: string;
  readonly scenarios: readonly Scenario[];
}

/** A line of the report: what was really seen. `failure` is null where it is what was expected. */
export interface Played {
  readonly policy: string;
  readonly scenario: string;
  readonly statuses: Statuses;
  /** From the log of the sample upstream. */
  readonly upstreamCalls: number;
  readonly durationMs: number;
  readonly failure: string | null;
}
