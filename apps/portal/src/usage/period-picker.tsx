import { Segmented } from '@tollwright/ui';
import { hrefWith, type SearchParams } from './address.ts';
import { PERIODS, type PeriodName } from './period.ts';

const SHORT: Readonly<Record<PeriodName, string>> = { '24h': '24 hours', '7d': '7 days', '30d': '30 days' };
const IN_ORDER = ['24h', '7d', '30d'] as const;

/** Chooses the period in the address. */
export function PeriodPicker(props: {
  readonly path: string;
  readonly search: SearchParams;
  readonly current: PeriodName;
}) {
  return (
    <Segmented
      label="Period"
      items={IN_ORDER.map((name) => ({
        label: SHORT[name],
        href: hrefWith(props.path, props.search, { period: name === PERIODS[0] ? null : name, cursor: null }),
        current: name === props.current,
      }))}
    />
  );
}
