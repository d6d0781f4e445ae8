import type { Scene } from './scene.ts';
import type { Sells } from './stage.ts';
import type { Adapter, StoreKind } from './store.ts';
import type { Account } from './tenant.ts';

/** `short`: fewer rounds and shorter waits, for `npm test`. Every scenario still does what its name says. */
export interface Size {
  readonly short: boolean;
  /** For what is chosen by chance. */
  readonly seed: number;
}

/** An account whose money is counted. */
export interface Counted {
  readonly account: Account;
  /** The most that it may ever be charged; its own limit unless the scenario says otherwise. */
  readonly limitNanoUsd?: bigint;
  /**
   * Whether what the upstream did is within the limit too, priced by its own log. Not so where calls are cut off and charged by
   * their last progress, or where the upstream reports more than it was held for: the provider bears that.
   */
  readonly upstreamBound?: boolean;
}

/** What a scenario did, for the counts that follow. */
export interface Attack {
  /** Calls sent, refused ones too. */
  readonly attempts: number;
  readonly counted: readonly Counted[];
  /** Figures of its own, kept raw. */
  readonly raw?: Readonly<Record<string, number>>;
  /** What it expected and did not see, in words. */
  readonly failures: readonly string[];
  /** Looks once more when everything has been counted; what it expects and does not see goes to `failures` too. */
  afterwards?(): Promise<void>;
}

/** One way to make the product overspend, lose or double. */
export interface Scenario {
  readonly name: string;
  /** One sentence. */
  readonly about: string;
  /** Both unless given. */
  readonly adapters?: readonly Adapter[];
  /** `shared` unless given; with any other it gets a stage of its own. */
  readonly store?: StoreKind;
  /** Its stage, which is its own, sells to strangers on a chain, or on every rail. */
  readonly sellsToStrangers?: Sells;
  /** Runs on these alone in the short form. */
  readonly shortAdapters?: readonly Adapter[];
  run(scene: Scene, size: Size): Promise<Attack>;
}

/** Collects what was expected and not seen. */
export class Expectations {
  readonly failures: string[] = [];

  readonly expect = (holds: boolean, what: string): void => {
    if (!holds) this.failures.push(what);
  };
}
