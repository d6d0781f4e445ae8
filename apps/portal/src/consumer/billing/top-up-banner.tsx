import { Callout } from '@tollwright/ui';
import type { TopUps } from '../../top-up/top-ups.tsx';

/** What keeps a balance from being topped up and somebody can end. Nothing where all is well. */
export function TopUpBanner({ topUps }: { readonly topUps: Pick<TopUps, 'card' | 'rules'> }) {
  const failed = topUps.rules.find(({ pausedBy }) => pausedBy === 'failure');
  if (failed !== undefined) {
    return (
      <Callout
        tone="error"
        className="mb-5"
        title="Your card was not charged, and top-ups are paused"
        why={`Stripe said: ${failed.pausedReason ?? 'no reason'}. Nothing was taken.`}
        next="Save another card, or go on with this one, under Plan & billing."
      />
    );
  }
  if (topUps.rules.some(({ isCapped, pausedBy }) => isCapped && pausedBy === null)) {
    return (
      <Callout
        tone="warning"
        className="mb-5"
        title="The monthly cap of your top-ups is reached"
        why="The balance is low, and nothing more is charged before the next month (UTC)."
        next="Raise the cap, or pay in by hand, under Plan & billing."
      />
    );
  }
  return null;
}
