import { POLICY_TYPES } from '@tollwright/policies';
import { Link, PageHeader, Table } from '@tollwright/ui';
import { levelsText } from '../../console/policies/words.ts';
import { Mark } from '../../frame/mark.tsx';

export const metadata = { title: 'Policies' };

/** Every type of policy that decides about calls, in the order in which they run. */
export default function PoliciesPage() {
  return (
    <main className="mx-auto max-w-4xl px-4 py-12 sm:px-8">
      <Link href="/" className="mb-8 inline-block rounded-sm">
        <Mark />
      </Link>
      <PageHeader title="Policies" description="What decides about calls, in the order in which it runs." />
      <Table
        caption="Policy types"
        rows={POLICY_TYPES.map(({ type, title, summary, levels }) => ({ type, title, summary, levels }))}
        rowKey={({ type }) => type}
        rowHref={({ type }) => `/policies/${type}`}
        empty={null}
        columns={[
          { key: 'title', header: 'Policy', width: '10rem', cell: ({ title }) => title },
          { key: 'summary', header: 'What it does', cell: ({ summary }) => summary },
          { key: 'levels', header: 'Set for', width: '12rem', cell: ({ levels }) => levelsText(levels) },
        ]}
      />
    </main>
  );
}
