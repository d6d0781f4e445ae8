import { WEBHOOK_EVENT_TYPES, WEBHOOK_TEST_TYPE } from '@tollwright/contracts';
import { Section } from '@tollwright/ui';
import { hrefWith, type SearchParams } from '../usage/address.ts';
import { KeepFresh } from '../usage/keep-fresh.tsx';
import { AddWebhook } from './add-webhook.tsx';
import { DeliveriesSection } from './deliveries-section.tsx';
import { DeliverySheet } from './delivery-sheet.tsx';
import { EndpointsTable } from './endpoints-table.tsx';
import type { WebhookType } from './outputs.ts';
import type { WebhooksData } from './webhooks-data.ts';

export interface WebhooksPanelProps {
  readonly data: WebhooksData;
  /** The page, without what stands behind the question mark. */
  readonly path: string;
  readonly search: SearchParams;
  readonly mayWrite: boolean;
  /** Types that nobody here is ever told of. */
  readonly without?: readonly string[];
}

/** The addresses that hear of events, and what was sent to them. */
export function WebhooksPanel({ data, path, search, mayWrite, without = [] }: WebhooksPanelProps) {
  const { endpoints, delivery } = data;
  const types = WEBHOOK_EVENT_TYPES.filter(
    (type): type is WebhookType => type !== WEBHOOK_TEST_TYPE && !without.includes(type),
  );
  return (
    <div>
      <Section
        title="Webhook endpoints"
        description="Addresses that hear of what happens here, in the format of Standard Webhooks, signed."
        action={mayWrite ? <AddWebhook types={types} /> : null}
      >
        <EndpointsTable endpoints={endpoints} mayWrite={mayWrite} />
      </Section>
      <DeliveriesSection
        data={data}
        path={path}
        search={search}
        fresh={<KeepFresh readAt={new Date().toISOString()} />}
      />
      {delivery === null ? null : (
        <DeliverySheet delivery={delivery} mayWrite={mayWrite} closeHref={hrefWith(path, search, { delivery: null })} />
      )}
    </div>
  );
}
