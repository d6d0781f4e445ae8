import { CopyField, LinkButton, PageHeader, Sheet, Tabs } from '@tollwright/ui';
import { ApiStepUp } from '../../../../../console/apis/api-step-up.tsx';
import { ExtractorForm } from '../../../../../console/apis/extractor-form.tsx';
import { ExtractorsList } from '../../../../../console/apis/extractors-list.tsx';
import { RouteSheet } from '../../../../../console/apis/route-sheet.tsx';
import { RoutesTable } from '../../../../../console/apis/routes-table.tsx';
import { UpstreamTab } from '../../../../../console/apis/upstream-tab.tsx';
import { consolePage } from '../../../../../console/console-page.ts';
import type { Plan } from '../../../../../console/outputs.ts';
import { OwnersOnly } from '../../../../../console/owners-only.tsx';
import { ApiPoliciesTab } from '../../../../../console/policies/api-policies-tab.tsx';
import { RoutePoliciesSection } from '../../../../../console/policies/route-policies-section.tsx';
import { found, foundOrNull } from '../../../../../server/found.ts';
import { choice, hrefWith, param, type SearchParams } from '../../../../../usage/address.ts';

export const metadata = { title: 'API' };

type Props = {
  readonly params: Promise<{ provider: string; api: string }>;
  readonly searchParams: Promise<SearchParams>;
};

/** One API: its address, its routes, where they are forwarded to and how answers are read. */
export default async function ApiPage({ params, searchParams }: Props) {
  const { api: apiId } = await params;
  const { api, base, mayWrite } = await consolePage(params);
  const search = await searchParams;
  const path = `${base}/apis/${apiId}`;
  const tab = choice(search, 'tab', ['routes', 'policies', 'upstream', 'extractors']);
  const [shown, routes, extractors, types, policies, plans] = await Promise.all([
    found(api.api.get({ apiId })),
    found(api.route.list({ apiId, limit: 200 })),
    api.extractor.list({ limit: 200 }),
    api.policy.types({}),
    found(api.policy.getForApi({ apiId })),
    api.plan.list({ limit: 200 }),
  ]);
  const open = routes.items.find(({ id }) => id === param(search, 'route'));
  const openPolicies = open ? await foundOrNull(api.policy.getForRoute({ apiId, routeId: open.id })) : null;
  const policiesHref = hrefWith(path, {}, { tab: 'policies' });
  const newHref = hrefWith(path, {}, { tab: 'extractors', new: 'extractor' });
  const extractorsHref = hrefWith(path, {}, { tab: 'extractors' });
  return (
    <>
      <PageHeader
        title={shown.name}
        description="What agents call, what strangers pay, and how answers are read."
        trail={[{ label: 'APIs', href: `${base}/apis` }]}
        action={
          tab === 'extractors' ? (
            <OwnersOnly mayWrite={mayWrite} can="create extractors">
              <LinkButton href={newHref} variant={extractors.items.length > 0 ? 'primary' : 'secondary'}>
                Create extractor
              </LinkButton>
            </OwnersOnly>
          ) : null
        }
      />
      <CopyField label="Address for agents" value={shown.baseUrl} className="mb-6 max-w-2xl" />
      <Tabs
        label={shown.name}
        items={[
          { label: 'Routes', href: path, current: tab === 'routes', count: routes.items.length },
          { label: 'Policies', href: policiesHref, current: tab === 'policies', count: policies.policies.length },
          { label: 'Upstream', href: hrefWith(path, {}, { tab: 'upstream' }), current: tab === 'upstream' },
          { label: 'Extractors', href: extractorsHref, current: tab === 'extractors', count: extractors.items.length },
        ]}
      />
      {tab === 'routes' ? (
        <>
          <RoutesTable
            routes={[...routes.items].sort(byPath)}
            extractors={extractors.items}
            hrefOf={({ id }) => hrefWith(path, {}, { route: id })}
            selectedId={open?.id}
          />
          <ApiStepUp api={shown} routes={routes.items} mayWrite={mayWrite} />
        </>
      ) : null}
      {tab === 'policies' ? (
        <ApiPoliciesTab apiId={apiId} types={types.items} policies={policies.policies} mayWrite={mayWrite} />
      ) : null}
      {tab === 'upstream' ? <UpstreamTab api={shown} mayWrite={mayWrite} /> : null}
      {tab === 'extractors' ? (
        <ExtractorsList extractors={extractors.items} routes={routes.items} newHref={newHref} mayWrite={mayWrite} />
      ) : null}
      {open ? (
        <RouteSheet
          key={open.id}
          route={open}
          extractors={extractors.items}
          plans={plans.items.filter(isOnOffer)}
          baseUrl={shown.baseUrl}
          ofApi={shown}
          mayWrite={mayWrite}
          closeHref={path}
        >
          {openPolicies ? (
            <RoutePoliciesSection
              apiId={apiId}
              routeId={open.id}
              types={types.items}
              policies={openPolicies.policies}
              ofApi={{ count: policies.policies.length, href: policiesHref }}
              mayWrite={mayWrite}
            />
          ) : null}
        </RouteSheet>
      ) : null}
      {mayWrite && param(search, 'new') === 'extractor' ? (
        <Sheet
          title="New extractor"
          description="Turns an answer into fields that meters count."
          closeHref={extractorsHref}
        >
          <ExtractorForm doneHref={extractorsHref} />
        </Sheet>
      ) : null}
    </>
  );
}

/** A plan that everybody may see. */
function isOnOffer({ customerId, versions }: Plan): boolean {
  return customerId === null && versions.some(({ status }) => status === 'published');
}

function byPath(a: { pathTemplate: string; method: string }, b: { pathTemplate: string; method: string }): number {
  return a.pathTemplate.localeCompare(b.pathTemplate, 'en') || a.method.localeCompare(b.method, 'en');
}
