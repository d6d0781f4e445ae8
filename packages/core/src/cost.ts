import type { EventData } from './meter.ts';
import { NANO_USD_MAX, NANO_USD_PER_USD, type NanoUsd, nanoUsd } from './money.ts';
import { add, ceil, multiply, parseDecimal, type Rational, rational, ZERO } from './rational.ts';

/** What a provider pays for a model's tokens, in decimal dollars for a million. A null price is that of the whole it is part of. */
export interface ModelCost {
  /** The name that answers report; with `*` at its end, every name that begins so. `*` alone is every model. */
  readonly model: string;
  readonly inputUsdPerMillion: string;
  /** Input that a cache served. Null: as other input. */
  readonly cachedInputUsdPerMillion: string | null;
  /** Input that a cache took in. Null: as other input. */
  readonly cacheWriteUsdPerMillion: string | null;
  readonly outputUsdPerMillion: string;
  /** Output that is reasoning. Null: as other output. */
  readonly reasoningUsdPerMillion: string | null;
}

/** What a provider says that calls cost it. */
export interface CostTable {
  /** Decimal dollars for each call, beside its tokens. Null: this table says nothing of it. */
  readonly callUsd: string | null;
  readonly models: readonly ModelCost[];
}

/** Tokens of one call. `cachedInput` and `cacheWrite` are parts of `input`, `reasoning` is part of `output`. */
export interface CallTokens {
  readonly model: string | null;
  readonly input: bigint;
  readonly cachedInput: bigint;
  readonly cacheWrite: bigint;
  readonly output: bigint;
  readonly reasoning: bigint;
}

interface TokenPrices {
  readonly input: Rational;
  readonly cachedInput: Rational;
  readonly cacheWrite: Rational;
  readonly output: Rational;
  readonly reasoning: Rational;
}

/** A cost table that was read once, in nano-dollars a call and a token. */
export interface CallCosts {
  readonly call: Rational | null;
  readonly hasModels: boolean;
  pricesOf(model: string): TokenPrices | null;
}

/** Makes a cost table ready for calls. Throws RangeError on a price that is no decimal. */
export function callCostsOf({ callUsd, models }: CostTable): CallCosts {
  const exact = new Map<string, TokenPrices>();
  const beginnings: { readonly text: string; readonly prices: TokenPrices }[] = [];
  for (const cost of models) {
    const prices = tokenPricesOf(cost);
    if (cost.model.endsWith('*')) beginnings.push({ text: cost.model.slice(0, -1), prices });
    else exact.set(cost.model, prices);
  }
  beginnings.sort((a, b) => b.text.length - a.text.length);
  return {
    call: callUsd === null ? null : nanoUsdFor(callUsd, 1n),
    hasModels: models.length > 0,
    pricesOf: (model) => exact.get(model) ?? beginnings.find(({ text }) => model.startsWith(text))?.prices ?? null,
  };
}

/**
 * What one call costs its provider, exact and rounded up once; null where that is not known, which is never zero. Tables come
 * nearest first: the price of a call is that of the first that says one, the prices of a model are those of the first that
 * lists it. Not known is the cost of a call that no table says anything of, of tokens whose model none lists, and one above
 * what a counter may hold. Source: docs/adr/0049.
 */
export function costOfCall(tables: readonly CallCosts[], tokens: CallTokens): NanoUsd | null {
  const priced = tables.some(({ hasModels }) => hasModels);
  const call = tables.find((table) => table.call !== null)?.call ?? null;
  if (call === null && !priced) return null;
  const used = priced ? costOfTokens(tables, tokens) : ZERO;
  if (used === null) return null;
  const cost = ceil(add(call ?? ZERO, used));
  return cost > NANO_USD_MAX ? null : nanoUsd(cost);
}

function costOfTokens(tables: readonly CallCosts[], tokens: CallTokens): Rational | null {
  if (tokens.input === 0n && tokens.output === 0n) return ZERO;
  // A call that names no model is priced where every model is.
  const model = tokens.model ?? '';
  let prices: TokenPrices | null = null;
  for (const table of tables) {
    prices = table.pricesOf(model);
    if (prices !== null) break;
  }
  if (prices === null) return null;
  const parts: readonly (readonly [bigint, Rational])[] = [
    [tokens.input - tokens.cachedInput - tokens.cacheWrite, prices.input],
    [tokens.cachedInput, prices.cachedInput],
    [tokens.cacheWrite, prices.cacheWrite],
    [tokens.output - tokens.reasoning, prices.output],
    [tokens.reasoning, prices.reasoning],
  ];
  return parts.reduce((sum, [count, price]) => add(sum, multiply(rational(count), price)), ZERO);
}

/**
 * The tokens that extractors wrote into an event. OpenAI's cached tokens are part of `input_tokens`, Anthropic's beside them;
 * here both are parts. A part that is said to be larger than its whole is cut to it.
 */
export function callTokensOf(data: EventData): CallTokens {
  const read = count(data.cache_read_input_tokens);
  const written = count(data.cache_creation_input_tokens);
  const input = count(data.input_tokens) + read + written;
  const output = count(data.output_tokens);
  return {
    model: typeof data.model === 'string' ? data.model : null,
    input,
    cachedInput: least(count(data.cached_input_tokens) + read, input - written),
    cacheWrite: written,
    output,
    reasoning: least(count(data.reasoning_tokens), output),
  };
}

function count(value: EventData[string] | undefined): bigint {
  const number = Number(value ?? 0);
  return Number.isFinite(number) && number > 0 ? BigInt(Math.min(Math.ceil(number), COUNT_MAX)) : 0n;
}

function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

function tokenPricesOf(cost: ModelCost): TokenPrices {
  const input = nanoUsdFor(cost.inputUsdPerMillion, MILLION);
  const output = nanoUsdFor(cost.outputUsdPerMillion, MILLION);
  const or = (usd: string | null, whole: Rational) => (usd === null ? whole : nanoUsdFor(usd, MILLION));
  return {
    input,
    output,
    cachedInput: or(cost.cachedInputUsdPerMillion, input),
    cacheWrite: or(cost.cacheWriteUsdPerMillion, input),
    reasoning: or(cost.reasoningUsdPerMillion, output),
  };
}

const MILLION = 1_000_000n;
const COUNT_MAX = 9_000_000_000_000_000;

function nanoUsdFor(decimalUsd: string, units: bigint): Rational {
  return multiply(parseDecimal(decimalUsd), { numerator: NANO_USD_PER_USD, denominator: units });
}
