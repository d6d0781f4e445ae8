/** How a meter folds events into a quantity. This release measures COUNT and SUM; the rest are reserved names. */
export type Aggregation = 'COUNT' | 'SUM' | 'UNIQUE_COUNT' | 'AVG' | 'MIN' | 'MAX' | 'LATEST';

/** Aggregates event data, whoever sent the event. `valueProperty` is a path such as `$.input_tokens` (required by SUM). */
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
  const quantities: Quantity[] = [];
  for (const meter of meters) {
    if (meter.eventType !== eventType) continue;
    const dimensions: Record<string, string> = {};
    for (const name in meter.groupBy) {
      const value = property(data, meter.groupBy[name] ?? '');
      if (value !== null && value !== undefined) dimensions[name] = String(value);
    }
    quantities.push({ meter: meter.slug, quantity: quantityOf(meter, data), dimensions });
  }
  return quantities;
}

function quantityOf(meter: Meter, data: EventData): bigint {
  if (meter.aggregation === 'COUNT') return 1n;
  if (meter.aggregation !== 'SUM' || meter.valueProperty === null) return 0n;
  const value = Number(property(data, meter.valueProperty) ?? 0);
  return Number.isFinite(value) && value > 0 ? BigInt(Math.ceil(value)) : 0n;
}

function property(data: EventData, path: string): string | number | boolean | null | undefined {
  return data[path.startsWith('$.') ? path.slice(2) : path];
}
