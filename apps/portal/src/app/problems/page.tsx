import { PROBLEM_SLUGS, PROBLEMS } from '@tollwright/core';
import { Badge, Link, PageHeader, Table } from '@tollwright/ui';

export const metadata = { title: 'Problem types' };

/** Every refusal and failure that the gateway and the management API answer with. */
export default function ProblemsPage() {
  const rows = PROBLEM_SLUGS.map((slug) => ({ slug, ...PROBLEMS[slug] }));
  return (
    <main className="mx-auto max-w-4xl px-4 py-12 sm:px-8">
      <PageHeader title="Problem types" description="What each answer means, and what to do next." />
      <Table
        caption="Problem types"
        rows={rows}
        rowKey={(row) => row.slug}
        empty={null}
        columns={[
          { key: 'status', header: 'Status', width: '5rem', cell: (row) => <Badge tone="neutral">{row.status}</Badge> },
          {
            key: 'slug',
            header: 'Type',
            cell: (row) => (
              <Link href={`/problems/${row.slug}`} className="font-mono text-sm text-link hover:underline">
                {row.slug}
              </Link>
            ),
          },
          { key: 'title', header: 'Meaning', cell: (row) => row.title },
        ]}
      />
    </main>
  );
}
