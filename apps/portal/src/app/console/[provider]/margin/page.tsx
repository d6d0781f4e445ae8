import { LinkButton, PageHeader, Sheet, Tabs } from '@tollwright/ui';
import { consolePage } from '../../../../console/console-page.ts';
import { costCsv } from '../../../../console/margin/cost-csv.ts';
import { CostForm } from '../../../../console/margin/cost-form.tsx';
import { costScopes } from '../../../../console/margin/cost-scopes.ts';
import { costStates, scopeOf } from '../../../../console/margin/cost-states.ts';
import { CostsTables } from '../../../../console/margin/costs-tables.tsx';
import { MarginOverview } from '../../../../console/margin/margin-overview.tsx';
import { OwnersOnly } from '../../../../console/owners-only.tsx';
import { choice, hrefWith, param, type SearchParams } from '../../../../usage/address.ts';

export const metadata = { title: 'Margin' };

type Props = { readonly params: Promise<{ provider: string }>; readonly searchParams: Promise<SearchParams> };

/** What calls bring in, what they cost the provider, and what is left. */
export default async function MarginPage({ params, searchParams }: Props) {
  const { api, base, mayWrite } = await consolePage(params);
  const search = await searchParams;
  const path = `${base}/margin`;
  const view = choice(search, 'view', ['overview', 'costs']);
  const costsPath = hrefWith(path, search, { view: 'costs', edit: null });
  const edit = (
    <OwnersOnly mayWrite={mayWrite} can="set costs">
      <LinkButton href={hrefWith(path, search, { view: 'costs', edit: 'costs' })} variant="primary">
        Set costs
      </LinkButton>
    </OwnersOnly>
  );
  return (
    <>
      <PageHeader
        title="Margin"
        description="What calls bring in, what they cost you, and what is left. Your customers never see it."
        action={edit}
      />
      <Tabs
        label="Margin"
        items={[
          {
            label: 'Over time',
            href: hrefWith(path, search, { view: null, edit: null }),
            current: view === 'overview',
          },
          { label: 'Costs', href: costsPath, current: view === 'costs' },
        ]}
      />
      {view === 'overview' ? (
        <MarginOverview api={api} base={base} search={search} />
      ) : (
        <Costs
          api={api}
          editHref={mayWrite ? hrefWith(path, search, { view: 'costs', edit: 'costs' }) : null}
          costsPath={costsPath}
          isEditing={mayWrite && param(search, 'edit') === 'costs'}
        />
      )}
    </>
  );
}

interface CostsProps {
  readonly api: Awaited<ReturnType<typeof consolePage>>['api'];
  readonly editHref: string | null;
  readonly costsPath: string;
  readonly isEditing: boolean;
}

async function Costs({ api, editHref, costsPath, isEditing }: CostsProps) {
  const nowMs = Date.now();
  const [{ items }, scopes] = await Promise.all([api.cost.list({ limit: 200 }), costScopes(api)]);
  const states = costStates(items, nowMs);
  const drafts = items
    .filter(({ id }) => states.get(id) === 'in force')
    .map((table) => [scopeOf(table), { callUsd: table.callUsd ?? '', csv: costCsv(table.models) }] as const);
  return (
    <>
      <CostsTables
        tables={items}
        scopes={scopes}
        nowMs={nowMs}
        action={editHref === null ? null : <LinkButton href={editHref}>Set costs</LinkButton>}
      />
      {isEditing ? (
        <Sheet title="Set costs" description="What calls cost you from now on." closeHref={costsPath}>
          <CostForm scopes={scopes} drafts={Object.fromEntries(drafts)} doneHref={costsPath} />
        </Sheet>
      ) : null}
    </>
  );
}
