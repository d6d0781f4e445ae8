import { Badge, Timestamp, type Tone } from '@tollwright/ui';

/** What is shown of a channel here; the console's and the portal's have more. */
type Channel = { readonly state: 'open' | 'closing' | 'closed'; readonly closesAt: string | null };

const STATES: Readonly<Record<Channel['state'], { readonly label: string; readonly tone: Tone }>> = {
  open: { label: 'Open', tone: 'green' },
  closing: { label: 'Closing', tone: 'amber' },
  closed: { label: 'Closed', tone: 'neutral' },
};

export const CHANNEL_STATE_OPTIONS = (Object.keys(STATES) as Channel['state'][]).map((value) => ({
  value,
  label: STATES[value].label,
}));

/** Where a channel stands, and by when it ends where its payer has asked the chain to end it. */
export function ChannelState({ channel: { state, closesAt } }: { readonly channel: Channel }) {
  const { label, tone } = STATES[state];
  return (
    <span className="inline-flex flex-wrap items-center gap-x-2 gap-y-0.5 max-sm:justify-end">
      <Badge tone={tone}>{label}</Badge>
      {closesAt === null ? null : (
        <span className="text-xs text-muted">
          by <Timestamp at={closesAt} mode="time" />
        </span>
      )}
    </span>
  );
}
