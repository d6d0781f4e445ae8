import { type Meter, measureIngested } from '@tollwright/core';
import { type StoredMeasurement, toStoredMeasurement } from '../usage/event-row.ts';
import type { CloudEvent } from './cloud-event.ts';

/** One row of ingested_event, by column name. */
export interface IngestedEventRow {
  readonly id: string;
  readonly provider_id: string;
  readonly source: string;
  readonly event_id: string;
  readonly type: string;
  readonly subject: string;
  readonly customer_id: string | null;
  readonly livemode: boolean;
  readonly occurred_at: string;
  readonly ingested_at: string;
  readonly ingested_by: string;
  readonly data: unknown;
  readonly quantities: readonly StoredMeasurement[];
}

/** What is the same for all events of a request. */
export interface IngestContext {
  readonly providerId: string;
  readonly now: Date;
  readonly ingestedBy: string;
  readonly meters: readonly Meter[];
}

/** The row that stores an event, with what the provider's meters measure on it. An event without a time happens now. */
export function toIngestedEventRow(
  { providerId, now, ingestedBy, meters }: IngestContext,
  id: string,
  event: CloudEvent,
  customerId: string | null,
): IngestedEventRow {
  const data = event.data ?? {};
  return {
    id,
    provider_id: providerId,
    source: event.source,
    event_id: event.id,
    type: event.type,
    subject: event.subject,
    customer_id: customerId,
    livemode: event.livemode ?? true,
    occurred_at: occurredAt(event, now).toISOString(),
    ingested_at: now.toISOString(),
    ingested_by: ingestedBy,
    data,
    quantities: measureIngested(meters, event.type, data).map(toStoredMeasurement),
  };
}

export function occurredAt(event: CloudEvent, now: Date): Date {
  return event.time === undefined ? now : new Date(event.time);
}
