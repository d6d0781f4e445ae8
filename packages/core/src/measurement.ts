import { type EventData, type Meter, measure } from './meter.ts';

/**
 * What one meter measured on one event. `quantity` is the decimal that COUNT and SUM add up, null for the other aggregations.
 * `value` is what they fold: a decimal, for UNIQUE_COUNT any text; null for COUNT, and where the event has no such value.
 */
export interface Measurement {
  readonly meter: string;
  readonly quantity: string | null;
  readonly value: string | null;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** The largest quantity of a call that every reader of our JSON keeps exact. */
const CALL_QUANTITY_MAX = 9_000_000_000_000_000n;
const DECIMAL = /^[+-]?\d{1,40}(\.\d{1,40})?([eE][+-]?\d{1,2})?$/;

/** Measures a call of the gateway. SUM adds whole units, as quotas and prices do: rounded up, never below zero. */
export function measureCall(meters: readonly Meter[], eventType: string, data: EventData): Measurement[] {
  const ofType = meters.filter((meter) => meter.eventType === eventType);
  const quantities = measure(ofType, eventType, data);
  return ofType.map((meter, index) => ({
    meter: meter.slug,
    quantity: isAdditive(meter) ? wholeText(quantities[index]?.quantity ?? 0n) : null,
    value: measuredValue(meter, data),
    dimensions: quantities[index]?.dimensions ?? {},
  }));
}

/** Measures an event that somebody sent. SUM adds the number as it is; members are reached by paths such as `$.usage.total`. */
export function measureIngested(meters: readonly Meter[], eventType: string, data: unknown): Measurement[] {
  return meters
    .filter((meter) => meter.eventType === eventType)
    .map((meter) => {
      const value = measuredValue(meter, data);
      return { meter: meter.slug, quantity: quantityOf(meter, value), value, dimensions: dimensionsOf(meter, data) };
    });
}

/** COUNT and SUM: what quotas and prices count by, and what roll-ups hold. */
export function isAdditive({ aggregation }: Pick<Meter, 'aggregation'>): boolean {
  return aggregation === 'COUNT' || aggregation === 'SUM';
}

function wholeText(quantity: bigint): string {
  return (quantity < CALL_QUANTITY_MAX ? quantity : CALL_QUANTITY_MAX).toString();
}

function quantityOf(meter: Meter, value: string | null): string | null {
  if (!isAdditive(meter)) return null;
  return meter.aggregation === 'COUNT' ? '1' : (value ?? '0');
}

function measuredValue({ aggregation, valueProperty }: Meter, data: unknown): string | null {
  if (aggregation === 'COUNT' || valueProperty === null) return null;
  const found = memberAt(data, valueProperty);
  return aggregation === 'UNIQUE_COUNT' ? textOf(found) : decimalOf(found);
}

function dimensionsOf({ groupBy }: Meter, data: unknown): Record<string, string> {
  const found = Object.entries(groupBy).map(([name, path]) => [name, textOf(memberAt(data, path))] as const);
  return Object.fromEntries(found.filter((entry): entry is readonly [string, string] => entry[1] !== null));
}

function memberAt(data: unknown, path: string): unknown {
  return path
    .split('.')
    .slice(1)
    .reduce<unknown>((at, name) => (isObject(at) && Object.hasOwn(at, name) ? at[name] : undefined), data);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
}

function decimalOf(value: unknown): string | null {
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : null;
  return typeof value === 'string' && DECIMAL.test(value) ? value : null;
}
