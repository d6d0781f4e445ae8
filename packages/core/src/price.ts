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

export type Price = FlatFee | PerUnit | PerModelToken;

/** One line of a plan's price list. `key` is unique in its plan version. */
export interface RateCard {
  readonly key: string;
  readonly name: string;
  readonly price: Price;
}
