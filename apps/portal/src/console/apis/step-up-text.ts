import { formatNanoUsdExact } from '@tollwright/ui';
import type { Api } from '../outputs.ts';

/** From which amounts on a payment needs more than money, as an API and a route have it. */
export type StepUpLimits = Pick<Api, 'stepUpAboveNanoUsd' | 'stepUpPayerAboveNanoUsd' | 'stepUpNeeds'>;

export const STEP_UP_NEEDS = [
  { value: 'verified-payer', label: 'A payer that you verified' },
  { value: 'owner-approval', label: "An owner's approval, or a verified payer" },
] as const;

const NEED_WORDS = { 'verified-payer': 'a payer that you verified', 'owner-approval': "an owner's approval" } as const;

/** What limits ask for, in one sentence without its end. */
export function stepUpText({
  stepUpAboveNanoUsd: one,
  stepUpPayerAboveNanoUsd: day,
  stepUpNeeds,
}: StepUpLimits): string {
  const above = [
    ...(one === null ? [] : [`above ${formatNanoUsdExact(one)} USD a payment`]),
    ...(day === null ? [] : [`above ${formatNanoUsdExact(day)} USD of a payer in a day`]),
  ];
  return above.length === 0 ? 'no limits' : `${NEED_WORDS[stepUpNeeds]} ${above.join(' or ')}`;
}
