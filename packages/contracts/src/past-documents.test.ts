import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { inboxItem } from './inbox-item.ts';
import { toJson } from './json.ts';
import { outboxMessage } from './outbox.ts';
import { readFixture } from './past-documents-harness.ts';
import { paymentRecord } from './payment.ts';
import { principal } from './principal.ts';
import { apiSnapshot } from './snapshot.ts';
import { usageEvent } from './usage-event.ts';

const documents: [string, z.ZodType][] = [
  ['usage-event-v1', usageEvent],
  ['payment-v1', paymentRecord],
  ['snapshot-v1', apiSnapshot],
  ['snapshot-v1-policies', apiSnapshot],
  ['principal-v1', principal],
];

/** What later releases added is written back as it always was before; whatever says more is kept. */
function withoutAdded(text: string): string {
  return text.replaceAll(
    /,"(?:policies":\[\]|scheme":"exact"|settles":"after"|prepaid":null|details":\{\}|feeNanoUsd":"0"|(?:customer|agent|key|approval)Id":null|(?:verified|settled)At":null)/g,
    '',
  );
}

describe('documents of past releases', () => {
  it.each(documents)('%s is read and written byte for byte', (name, schema) => {
    const text = readFixture(name);
    expect(withoutAdded(toJson(schema.parse(JSON.parse(text))))).toBe(text);
  });

  it('documents written before there were policies or credit have none', () => {
    const old = apiSnapshot.parse(JSON.parse(readFixture('snapshot-v1')));
    expect([old.policies, old.routes[0]?.policies, old.plans[0]?.terms.policies]).toEqual([[], [], []]);
    expect(old.plans[0]?.terms.prepaid).toBeNull();
  });

  it.each(documents)('%s lacks no member that may be left out silently', (name, schema) => {
    const document = JSON.parse(readFixture(name)) as Record<string, unknown>;
    for (const member of Object.keys(document).filter((key) => key !== 'policies')) {
      const { [member]: _left, ...rest } = document;
      expect(schema.safeParse(rest).success, member).toBe(false);
    }
  });

  it('an event and a payment travel as inbox items under their kind', () => {
    const event = JSON.parse(readFixture('usage-event-v1')) as unknown;
    const payment = JSON.parse(readFixture('payment-v1')) as unknown;
    expect(inboxItem.parse({ kind: 'usage', event })).toMatchObject({ event: { chargedNanoUsd: 22_200n } });
    expect(inboxItem.parse({ kind: 'payment', payment })).toMatchObject({ payment: { roundingNanoUsd: 500n } });
    expect(inboxItem.safeParse({ kind: 'payment', payment: event }).success).toBe(false);
    expect(inboxItem.safeParse({ kind: 'refund', payment }).success).toBe(false);
  });

  it.each([
    { kind: 'publish-api', apiId: 'api_1' },
    { kind: 'publish-customer', customerId: 'cus_1' },
    { kind: 'mail', to: 'ada@example.test', subject: 'Verify', text: 'Hello' },
    {
      kind: 'webhook-event',
      event: {
        ...{ eventId: 'whv_1', type: 'incident.opened', occurredAt: '2026-11-27T12:00:00.000Z' },
        ...{ livemode: null, customerId: null, data: { incidentId: 'inc_1', kind: 'silent-gateway', detail: {} } },
      },
    },
  ])('an outbox row of kind $kind is read', (message) => {
    expect(outboxMessage.parse(message)).toEqual(message);
  });
});
