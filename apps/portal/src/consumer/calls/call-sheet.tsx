import { Identifier, KeyValue, Money, Quantity, Sheet, TextLink, Timestamp } from '@tollwright/ui';
import { railName } from '../../payments/rail-name.ts';
import type { Call, CallInFull } from '../outputs.ts';
import { CallStatus } from './call-status.tsx';
import { timingsOf } from './timings.ts';

export interface CallSheetProps {
  readonly call: CallInFull &
    Partial<Pick<Call, 'agentName' | 'keyName' | 'routeName'>> & {
      /** Whether the call was traced. */
      readonly isExplained: boolean;
    };
  readonly base: string;
  /** The page without the sheet. */
  readonly closeHref: string;
}

/** One call in full, opened by the address: a permanent link. */
export function CallSheet({ call, base, closeHref }: CallSheetProps) {
  return (
    <Sheet title={call.routeName ?? 'Call'} description={<Timestamp at={call.occurredAt} />} closeHref={closeHref}>
      <div className="grid gap-6">
        <Part title="Answer">
          <KeyValue items={answerOf(call)} />
        </Part>
        <Part title="Price">
          <KeyValue items={priceOf(call)} />
          {call.isExplained ? (
            <p className="mt-2">
              <TextLink href={`${base}/logs/${encodeURIComponent(call.id)}`}>Explain: decisions and price</TextLink>
            </p>
          ) : null}
        </Part>
        <Part title="Where from">
          <KeyValue items={originOf(call, base)} />
        </Part>
      </div>
    </Sheet>
  );
}

function Part({ title, children }: { readonly title: string; readonly children: React.ReactNode }) {
  return (
    <section>
      <h3 className="mb-2 font-medium text-ink">{title}</h3>
      {children}
    </section>
  );
}

function answerOf(call: CallInFull) {
  const { firstByteMs, upstreamStatus, estimated } = timingsOf(call.body);
  return [
    { label: 'Status', value: <CallStatus status={call.status} /> },
    ...(upstreamStatus === null || upstreamStatus === call.status
      ? []
      : [{ label: 'Status upstream', value: String(upstreamStatus) }]),
    { label: 'Took', value: `${formatMs(call.durationMs)} ms` },
    ...(firstByteMs === null ? [] : [{ label: 'First byte after', value: `${formatMs(firstByteMs)} ms` }]),
    { label: 'Model', value: call.model ?? 'None' },
    { label: 'Input tokens', value: <Quantity value={call.inputTokens} mode="exact" unit="tokens" /> },
    { label: 'Output tokens', value: <Quantity value={call.outputTokens} mode="exact" unit="tokens" /> },
    ...(estimated ? [{ label: 'Counted', value: 'Estimated: the answer carried no usage' }] : []),
  ];
}

function priceOf(call: CallInFull) {
  return [
    { label: 'Charged', value: <Money figure="charged" nanoUsd={call.chargedNanoUsd} /> },
    {
      label: call.rail === 'plan' ? 'Price by the plan' : 'Price of the call',
      value: <Money nanoUsd={call.ratedNanoUsd} />,
    },
    ...(call.shortfallNanoUsd === '0'
      ? []
      : [{ label: 'Not charged to you', value: <Money nanoUsd={call.shortfallNanoUsd} /> }]),
    { label: 'Paid by', value: call.rail === 'plan' ? 'Plan' : railName(call.rail) },
  ];
}

function originOf(call: CallSheetProps['call'], base: string) {
  return [
    ...(call.agentId === null
      ? []
      : [
          {
            label: 'Agent',
            value: <TextLink href={`${base}/agents/${call.agentId}`}>{call.agentName ?? call.agentId}</TextLink>,
          },
        ]),
    ...(call.keyId === null ? [] : [{ label: 'Key', value: call.keyName ?? <Identifier value={call.keyId} short /> }]),
    { label: 'Request', value: <Identifier value={call.requestId} /> },
    { label: 'Event', value: <Identifier value={call.id} /> },
  ];
}

function formatMs(ms: number): string {
  return ms < 10 ? ms.toFixed(1) : Math.round(ms).toString();
}
