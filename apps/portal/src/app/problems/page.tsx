import { PROBLEM_SLUGS, PROBLEMS } from '@tollwright/core';
import { Badge, Link, PageHeader, Table } from '@tollwright/ui';
import { Mark } from '../../frame/mark.tsx';

export const metadata = { title: 'Problem types' };

/** Every refusal and failure that the gateway and the management API answer with. */
export default function ProblemsPage() {
  const rows = PROBLEM_SLUGS.map((slug) => ({ slug, ...PROBLEMS[slug] }));
  return (
    <main className="mx-auto max-w-4xl px-4 py-12 sm:px-8">
      <Link href="/" className="mb-8 inline-block rounded-sm">
        <Mark />
      </Link>
      <PageHeader title="Problem types" description="What each answer means, and what to do next." />
      <Table
        caption="Problem types"
        rows={rows}
        rowKey={(row) => row.slug}
        rowHref={(row) => `/problems/${row.slug}`}
        empty={null}
        columns={[
          { key: 'slug', header: 'Type', cell: (row) => <span className="font-mono">{row.slug}</span> },
          { key: 'status', header: 'Status', width: '6rem', cell: (row) => <Badge>{row.status}</Badge> },
          { key: 'title', header: 'Meaning', cell: (row) => row.title },
        ]}
      />
    </main>
  );
}
