import type { UsageEvent } from '@tollwright/contracts';
import { type EventData, type Measurement, type Meter, measureCall, type NanoUsd } from '@tollwright/core';

/** The largest integer that every reader of our JSON keeps exact. */
const QUANTITY_MAX = 9_000_000_000_000_000n;

/** One row of usage_event, by column name; bigints as decimal strings. */
export type UsageEventRow = Readonly<Record<string, unknown>> & {
  readonly event_id: string;
  readonly body: UsageEvent;
};

/** A measurement as it is stored. `dimensions` is canonical JSON, so that equal groups are equal text. */
export interface StoredMeasurement {
  readonly meter: string;
  readonly quantity: string | null;
  readonly value: string | null;
  readonly dimensions: string;
}

/** The row that stores an event, with what the provider's meters measure on it and what it cost; null where that is not known. */
export function toUsageEventRow(
  event: UsageEvent,
  meters: readonly Meter[],
  costNanoUsd: NanoUsd | null,
): UsageEventRow {
  return {
    event_id: event.eventId,
    provider_id: event.providerId,
    customer_id: event.customerId,
    agent_id: event.agentId,
    key_id: event.keyId,
    api_id: event.apiId,
    route_id: event.routeId,
    request_id: event.requestId,
    livemode: event.livemode,
    type: event.type,
    model: typeof event.data.model === 'string' ? event.data.model : null,
    input_tokens: tokens(event.data, 'input_tokens'),
    output_tokens: tokens(event.data, 'output_tokens'),
    rated_nano_usd: event.ratedNanoUsd.toString(),
    charged_nano_usd: event.chargedNanoUsd.toString(),
    shortfall_nano_usd: event.shortfallNanoUsd.toString(),
    cost_nano_usd: costNanoUsd?.toString() ?? null,
    rail: event.rail,
    payment_id: event.paymentId,
    payer: event.payer,
    decision: event.decision,
    status: event.status,
    duration_ms: event.durationMs,
    occurred_at: new Date(event.occurredAt).toISOString(),
    body: event,
    quantities: measureCall(meters, event.type, event.data).map(toStoredMeasurement),
  };
}

export function toStoredMeasurement({ dimensions, ...measured }: Measurement): StoredMeasurement {
  return { ...measured, dimensions: canonicalDimensions(dimensions) };
}

/** Dimensions as JSON with sorted names: `{"model":"gpt-4o","route":"rte_1"}`. */
export function canonicalDimensions(dimensions: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.fromEntries(Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1))));
}

function tokens(data: EventData, name: string): string {
  const value = Number(data[name] ?? 0);
  if (!Number.isFinite(value) || value <= 0) return '0';
  return BigInt(Math.min(Math.ceil(value), Number(QUANTITY_MAX))).toString();
}
