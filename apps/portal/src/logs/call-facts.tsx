import { Identifier, KeyValue, Money, TextLink, Timestamp } from '@tollwright/ui';
import { tookMs } from './duration.ts';
import type { ExplanationProps } from './explanation.tsx';

/** Whose call it was, when, and at which gateway. */
export function CallFacts({ trace, links }: Pick<ExplanationProps, 'trace' | 'links'>) {
  const { customerId, customerName, agentId, agentName, keyId, keyName, chargedNanoUsd, clientIp } = trace;
  const fact = (label: string, value: React.ReactNode) => (value === null ? [] : [{ label, value }]);
  return (
    <KeyValue
      items={[
        { label: 'Time', value: <Timestamp at={trace.occurredAt} mode="datetime-seconds" /> },
        { label: 'Took', value: tookMs(trace.durationMs) },
        ...fact('Charged', chargedNanoUsd === null ? null : <Money nanoUsd={chargedNanoUsd} />),
        ...fact('Customer', customerId && linked(links.customerHref, customerName ?? customerId)),
        ...fact('Agent', agentId && linked(links.agentHref, agentName ?? agentId)),
        ...fact('Key', keyId && (keyName ?? <Identifier value={keyId} />)),
        ...(customerId === null ? [{ label: 'Caller', value: 'No account is known' }] : []),
        ...fact('Address', clientIp && <Identifier value={clientIp} />),
        ...fact('Plan', trace.planName),
        { label: 'API version', value: String(trace.snapshotVersion) },
        { label: 'Gateway', value: trace.gateway },
        { label: 'Request', value: <Identifier value={trace.requestId} /> },
      ]}
    />
  );
}

function linked(href: string | undefined, text: string) {
  return href === undefined ? text : <TextLink href={href}>{text}</TextLink>;
}
