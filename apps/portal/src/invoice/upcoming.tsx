import { Section } from '@tollwright/ui';
import { LinesTable } from './lines-table.tsx';
import type { UpcomingInvoice } from './outputs.ts';
import { periodText } from './period-text.ts';

/** What the next invoice would say if the billing cycle ended now. */
export function Upcoming({ upcoming }: { readonly upcoming: UpcomingInvoice }) {
  const { cycle, lines, totalNanoUsd } = upcoming;
  if (cycle === null) return null;
  return (
    <Section
      id="upcoming"
      title="Next invoice"
      description={`The billing cycle of ${periodText(cycle.startsAt, cycle.endsAt)}, up to now. The fee of the cycle after it is added when it ends.`}
    >
      <LinesTable
        lines={lines}
        totalNanoUsd={totalNanoUsd}
        empty={<p className="text-base text-muted">Nothing to be invoiced yet.</p>}
      />
    </Section>
  );
}
