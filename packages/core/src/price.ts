import type { NanoUsd } from './money.ts';

/** A fee per billing period, independent of usage. NanoUsd, >= 0. */
export interface FlatFee {
  readonly kind: 'flat';
  readonly amountNanoUsd: NanoUsd;
  readonly paymentTerm: 'in-advance' | 'in-arrears';
}

/** A price per unit of a meter. `usdPerUnit` is an exact decimal of dollars such as `0.0005`. */
export interface PerUnit {
  readonly kind: 'per-unit';
  readonly meter: string;
  readonly usdPerUnit: string;
}

/**
 * A price per million units of a token meter, by the `model` dimension. Decimals of dollars.
 * `defaultUsdPerMillion` prices models that are not listed; null refuses them (unpriceable, never free).
 */
export interface PerModelToken {
  readonly kind: 'per-model-token';
  readonly meter: string;
  readonly usdPerMillionByModel: Readonly<Record<string, string>>;
  readonly defaultUsdPerMillion: string | null;
}

/** A step of a price. `upTo` is its last unit, counted from the start of the billing period; null has no end. */
export interface Tier {
  readonly upTo: bigint | null;
  readonly usdPerUnit: string;
  /** Added once, by the unit that enters the tier. */
  readonly flatUsd: string;
}

/** Each unit costs what the tier says that it falls in. `tiers` are in order; the last has no end. */
export interface Graduated {
  readonly kind: 'graduated';
  readonly meter: string;
  readonly tiers: readonly Tier[];
}

/**
 * The whole quantity of a billing period costs what the tier says that it ends in: its fee once, and its price for each unit.
 * Until the period is closed each unit is charged as in `graduated`. Tiers are in order, none dearer than the one before.
 */
export interface VolumePrice {
  readonly kind: 'volume';
  readonly meter: string;
  readonly tiers: readonly Tier[];
}

/** A price for every package of units that is begun. `units` >= 1. */
export interface PricePackage {
  readonly kind: 'package';
  readonly meter: string;
  readonly units: bigint;
  readonly usdPerPackage: string;
}

/** A price of what is used. */
export type UsagePrice = PerUnit | PerModelToken | Graduated | VolumePrice | PricePackage;
export type Price = FlatFee | UsagePrice;

/** One line of a plan's price list. `key` is unique in its plan version. */
export interface RateCard {
  readonly key: string;
  readonly name: string;
  readonly price: Price;
  /** Units of a billing period that cost nothing; tiers and packages count from there. Not for prices by model. */
  readonly includedUnits?: bigint | undefined;
  /** So many percent off the price of every unit, 1 to 99. */
  readonly percentOff?: number | undefined;
  /** Off what the card comes to in a whole billing period, after everything else; never below nothing. Not for fees. */
  readonly amountOffNanoUsd?: NanoUsd | undefined;
}
