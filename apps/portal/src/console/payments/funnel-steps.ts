import type { CsvCell, FunnelLoss, FunnelStep } from '@tollwright/ui';
import type { FunnelFigures } from '../outputs.ts';
import { type Loss, lossWords } from './loss-words.ts';

/** Payments that a reason is about are listed by their state; credentials that were not claimed left none. */
const LISTED: Partial<Record<Loss, string>> = { 'not-settled': 'failed', 'in-doubt': 'unknown', declined: 'failed' };

/** The four steps with what was lost at each. `hrefOf` lists payments of a state. */
export function funnelSteps(figures: FunnelFigures, hrefOf: (state: string) => string): FunnelStep[] {
  const { asked, shown, paid, served, underWay, losses } = figures;
  const lostAt = (step: 'shown' | 'paid'): FunnelLoss[] =>
    losses
      .filter((each) => each.step === step)
      .map(({ loss, count }) => {
        const state = LISTED[loss];
        return { key: loss, label: lossWords(loss), count, href: state && hrefOf(state), open: loss === 'in-doubt' };
      });
  const waiting = underWay === 0 ? [] : [{ key: 'under-way', label: 'Under way', count: underWay, open: true }];
  const left = asked > shown ? [{ key: 'left', label: 'Left without paying', count: asked - shown }] : [];
  return [
    { key: 'asked', label: '402 answered', hint: 'Payment was asked for', count: asked, losses: left },
    {
      ...{ key: 'shown', label: 'Credential shown', hint: 'A payment came along', count: shown },
      losses: [...lostAt('shown'), ...waiting],
    },
    { key: 'paid', label: 'Paid', hint: 'Settled', count: paid, losses: lostAt('paid'), good: true },
    { key: 'served', label: 'Served', hint: 'Answered well', count: served, losses: [], good: true },
  ];
}

/** The same as a file. */
export function funnelRows(steps: readonly FunnelStep[]): CsvCell[][] {
  return [
    ['step', 'lost because', 'calls'],
    ...steps.flatMap((step) => [
      [step.label, '', step.count],
      ...step.losses.map(({ label, count }) => [step.label, label, count]),
    ]),
  ];
}
