import { CodeBlock, Identifier, KeyValue, Sheet, Timestamp } from '@tollwright/ui';
import { DeliveryState } from './delivery-state.tsx';
import type { WebhookAttempt, WebhookDeliveryInFull } from './outputs.ts';
import { ReplayDelivery } from './replay-delivery.tsx';

export interface DeliverySheetProps {
  readonly delivery: WebhookDeliveryInFull;
  readonly mayWrite: boolean;
  /** The page without the sheet. */
  readonly closeHref: string;
}

/** One delivery with its requests and answers, opened by the address: a permanent link. */
export function DeliverySheet({ delivery, mayWrite, closeHref }: DeliverySheetProps) {
  const { state, attempts, eventType, url, eventId, occurredAt, nextAttemptAt, body, history } = delivery;
  return (
    <Sheet
      title={
        <span className="flex flex-wrap items-center gap-2.5">
          <span className="font-mono text-base">{eventType}</span> <DeliveryState state={state} attempts={attempts} />
        </span>
      }
      description={<Timestamp at={occurredAt} />}
      closeHref={closeHref}
      footer={mayWrite ? <ReplayDelivery deliveryId={delivery.id} /> : undefined}
    >
      <div className="grid gap-6">
        <KeyValue
          items={[
            { label: 'To', value: <span className="break-all font-mono text-xs">{url}</span> },
            { label: 'webhook-id', value: <Identifier value={eventId} /> },
            { label: 'Attempts', value: String(attempts) },
            { label: 'Next attempt', value: nextAttemptAt === null ? 'None' : <Timestamp at={nextAttemptAt} /> },
            { label: 'Delivery', value: <Identifier value={delivery.id} /> },
          ]}
        />
        <CodeBlock title="Request body" code={pretty(body)} wrap />
        {history.map((attempt) => (
          <Attempt key={attempt.number} attempt={attempt} />
        ))}
      </div>
    </Sheet>
  );
}

function Attempt({ attempt }: { readonly attempt: WebhookAttempt }) {
  const { number, attemptedAt, status, latencyMs, error, headers, response } = attempt;
  return (
    <section className="grid gap-3">
      <h3 className="font-medium text-ink">Attempt {number}</h3>
      <KeyValue
        items={[
          { label: 'When', value: <Timestamp at={attemptedAt} /> },
          { label: 'Answer', value: status === null ? (error ?? 'None') : `Status ${status}` },
          { label: 'Took', value: `${latencyMs} ms` },
        ]}
      />
      <CodeBlock title="Request headers" code={headerLines(headers)} wrap />
      {response === null || response === '' ? null : <CodeBlock title="Response" code={response} wrap />}
    </section>
  );
}

function headerLines(headers: WebhookAttempt['headers']): string {
  return Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n');
}

function pretty(body: string): string {
  return JSON.stringify(JSON.parse(body), null, 2);
}
