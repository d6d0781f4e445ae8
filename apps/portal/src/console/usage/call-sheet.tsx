import { CodeBlock, Identifier, KeyValue, Money, Quantity, Sheet, TextLink, Timestamp } from '@tollwright/ui';
import type { Call, CallInFull, MarginCall } from '../outputs.ts';
import { CallStatus } from './calls-table.tsx';

export interface CallSheetProps {
  readonly call: CallInFull & Partial<Pick<Call, 'agentName' | 'keyName' | 'routeName'>>;
  readonly base: string;
  /** What it cost the provider and left. */
  readonly margin: MarginCall | null;
  /** Whether the call was traced. */
  readonly isExplained: boolean;
  /** The page without the sheet. */
  readonly closeHref: string;
}

/** One call in full, opened by the address: a permanent link. */
export function CallSheet({ call, base, margin, isExplained, closeHref }: CallSheetProps) {
  return (
    <Sheet
      title={<span className="font-mono text-base">{call.routeName ?? 'Call'}</span>}
      description={<Timestamp at={call.occurredAt} />}
      closeHref={closeHref}
    >
      <div className="grid gap-6">
        <KeyValue items={[...outcomeOf(call), ...marginOf(margin)]} />
        {isExplained ? (
          <TextLink href={`${base}/logs/${encodeURIComponent(call.id)}`}>Explain: decisions and price</TextLink>
        ) : null}
        <KeyValue items={originOf(call, base)} />
        <CodeBlock title="Event as the gateway reported it" code={JSON.stringify(call.body, null, 2)} wrap />
      </div>
    </Sheet>
  );
}

function outcomeOf(call: CallInFull) {
  return [
    { label: 'Status', value: <CallStatus status={call.status} /> },
    { label: 'Took', value: `${Math.round(call.durationMs)} ms` },
    { label: 'Model', value: call.model ?? 'None' },
    { label: 'Input tokens', value: <Quantity value={call.inputTokens} mode="exact" unit="tokens" /> },
    { label: 'Output tokens', value: <Quantity value={call.outputTokens} mode="exact" unit="tokens" /> },
    { label: 'Price', value: <Money nanoUsd={call.ratedNanoUsd} /> },
    { label: 'Charged', value: <Money figure="charged" nanoUsd={call.chargedNanoUsd} /> },
    ...(call.shortfallNanoUsd === '0'
      ? []
      : [{ label: 'Not covered by what was held', value: <Money nanoUsd={call.shortfallNanoUsd} /> }]),
  ];
}

function marginOf(margin: MarginCall | null) {
  if (margin === null) return [];
  const { costNanoUsd, marginNanoUsd } = margin;
  if (costNanoUsd === null || marginNanoUsd === null) return [{ label: 'Cost to you', value: 'Not known' }];
  return [
    { label: 'Cost to you', value: <Money nanoUsd={costNanoUsd} /> },
    { label: 'Margin', value: <Money nanoUsd={marginNanoUsd} /> },
  ];
}

function originOf(call: CallSheetProps['call'], base: string) {
  const { customerId, agentId, keyId, payer, paymentId, rail } = call;
  return [
    ...(customerId === null
      ? []
      : [{ label: 'Customer', value: <TextLink href={`${base}/customers/${customerId}`}>Open customer</TextLink> }]),
    ...(agentId === null ? [] : [{ label: 'Agent', value: call.agentName ?? <Identifier value={agentId} /> }]),
    ...(keyId === null ? [] : [{ label: 'Key', value: call.keyName ?? <Identifier value={keyId} /> }]),
    ...(payer === null ? [] : [{ label: 'Payer', value: <Identifier value={payer} /> }]),
    ...(payer === null || rail !== 'none'
      ? []
      : [{ label: 'Came in by', value: 'Access by sign-in: an earlier payment of this wallet lets it in' }]),
    ...(paymentId === null
      ? []
      : [
          {
            label: 'Payment',
            value: <TextLink href={`${base}/payments?payment=${encodeURIComponent(paymentId)}`}>Open payment</TextLink>,
          },
        ]),
    { label: 'Request', value: <Identifier value={call.requestId} /> },
    { label: 'Event', value: <Identifier value={call.id} /> },
  ];
}
