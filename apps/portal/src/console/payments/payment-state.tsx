import { Badge, type Tone } from '@tollwright/ui';
import type { Payment } from '../outputs.ts';

const STATES: Readonly<
  Record<Payment['state'], { readonly label: string; readonly tone: Tone; readonly meaning: string }>
> = {
  claimed: { label: 'Claimed', tone: 'neutral', meaning: 'A call presented it; it is being checked.' },
  verified: {
    label: 'Verified',
    tone: 'neutral',
    meaning: 'Its signature and funds are good; the call goes upstream.',
  },
  served: { label: 'Served', tone: 'amber', meaning: 'The call was answered; settlement comes next.' },
  settling: { label: 'Settling', tone: 'amber', meaning: 'The transaction was sent and is not confirmed yet.' },
  settled: { label: 'Settled', tone: 'green', meaning: 'The money is in your wallet.' },
  failed: { label: 'Failed', tone: 'red', meaning: 'It could not be settled. Nothing was paid.' },
  unknown: { label: 'Unknown', tone: 'amber', meaning: 'The outcome is not known yet; the chain is being asked.' },
  released: { label: 'Released', tone: 'neutral', meaning: 'The call was not served, so nothing was taken.' },
  refunding: { label: 'Refunding', tone: 'amber', meaning: 'The money is on its way back.' },
  refunded: { label: 'Refunded', tone: 'neutral', meaning: 'The money went back to the payer.' },
  credited: { label: 'Credited', tone: 'green', meaning: 'The money was kept as credit of the payer.' },
};

export const PAYMENT_STATE_OPTIONS = (Object.keys(STATES) as Payment['state'][]).map((value) => ({
  value,
  label: STATES[value].label,
}));

/** Where a payment stands, in one word. */
export function PaymentState({ state }: { readonly state: Payment['state'] }) {
  const { label, tone } = STATES[state];
  return <Badge tone={tone}>{label}</Badge>;
}

/** The same in a sentence. */
export function meaningOf(state: Payment['state']): string {
  return STATES[state].meaning;
}
