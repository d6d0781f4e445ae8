/** How a meter folds events into a value. Gateways count by COUNT and SUM; reports know all. */
export type Aggregation = 'COUNT' | 'SUM' | 'UNIQUE_COUNT' | 'AVG' | 'MIN' | 'MAX' | 'LATEST';

/** Aggregates event data, whoever sent the event. `valueProperty` is a path such as `$.input_tokens` (null for COUNT alone). */
export interface Meter {
  readonly slug: string;
  readonly eventType: string;
  readonly aggregation: Aggregation;
  readonly valueProperty: string | null;
  /** Dimension name -> path in the event data, such as `{ model: '$.model' }`. */
  readonly groupBy: Readonly<Record<string, string>>;
}

/** Flat data of one usage event: what extractors wrote plus what the gateway knows (`route`, `status`). */
export type EventData = Readonly<Record<string, string | number | boolean | null>>;

/** What one event adds to one meter. `quantity` is a non-negative integer. */
export interface Quantity {
  readonly meter: string;
  readonly quantity: bigint;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** Measures one event with every meter of its type. A missing or non-numeric value adds zero; fractions are rounded up. */
export function measure(meters: readonly Meter[], eventType: string, data: EventData): Quantity[] {
  return createMeasure(meters, eventType)(data);
}

/** The same for many events of one type: paths are read once. */
export function createMeasure(meters: readonly Meter[], eventType: string): (data: EventData) => Quantity[] {
  const compiled = meters
    .filter((meter) => meter.eventType === eventType)
    .map(({ slug, aggregation, valueProperty, groupBy }) => ({
      slug,
      aggregation,
      valueName: valueProperty === null ? null : nameOf(valueProperty),
      dimensions: Object.entries(groupBy).map(([dimension, path]) => [dimension, nameOf(path)] as const),
    }));
  return (data) => compiled.map((meter) => quantityOf(meter, data));
}

interface CompiledMeter {
  readonly slug: string;
  readonly aggregation: Aggregation;
  readonly valueName: string | null;
  readonly dimensions: readonly (readonly [dimension: string, name: string])[];
}

function quantityOf(meter: CompiledMeter, data: EventData): Quantity {
  const dimensions: Record<string, string> = {};
  for (const [dimension, name] of meter.dimensions) {
    const value = data[name];
    if (value !== null && value !== undefined) dimensions[dimension] = String(value);
  }
  return { meter: meter.slug, quantity: amountOf(meter, data), dimensions };
}

function amountOf({ aggregation, valueName }: CompiledMeter, data: EventData): bigint {
  if (aggregation === 'COUNT') return 1n;
  if (aggregation !== 'SUM' || valueName === null) return 0n;
  const value = Number(data[valueName] ?? 0);
  return Number.isFinite(value) && value > 0 ? BigInt(Math.ceil(value)) : 0n;
}

function nameOf(path: string): string {
  return path.startsWith('$.') ? path.slice(2) : path;
}
