import { Badge, Table, Timestamp } from '@tollwright/ui';
import { rateLimitText } from '../../plan/words.ts';
import type { Plan, PlanVersion } from '../outputs.ts';

/** Every version of a plan, newest first. */
export function VersionsList({
  plan,
  path,
  shown,
}: {
  readonly plan: Plan;
  readonly path: string;
  readonly shown: PlanVersion;
}) {
  return (
    <Table
      caption={`Versions of ${plan.name}`}
      rows={plan.versions}
      rowKey={({ id }) => id}
      selectedKey={shown.id}
      rowHref={({ version }) => `${path}?version=${version}`}
      columns={[
        { key: 'version', header: 'Version', cell: ({ version }) => `Version ${version}` },
        { key: 'status', header: 'Status', cell: (version) => <VersionStatus version={version} /> },
        { key: 'rate', header: 'Rate limit', cell: ({ terms }) => rateLimitText(terms.rateLimit) },
        {
          key: 'published',
          header: 'Published',
          cell: ({ publishedAt }) =>
            publishedAt === null ? <span className="text-faint">Not yet</span> : <Timestamp at={publishedAt} />,
        },
      ]}
      empty={null}
    />
  );
}

/** Whether a version is out. */
export function VersionStatus({ version }: { readonly version: PlanVersion }) {
  return version.status === 'published' ? <Badge tone="green">Published</Badge> : <Badge tone="amber">Draft</Badge>;
}
