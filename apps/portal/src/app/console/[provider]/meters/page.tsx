import { isAdditive } from '@tollwright/core';
import { LinkButton, PageHeader, Section, Sheet } from '@tollwright/ui';
import { consolePage } from '../../../../console/console-page.ts';
import { FeatureForm } from '../../../../console/meters/feature-form.tsx';
import { FeaturesTable } from '../../../../console/meters/features-table.tsx';
import { MeterForm } from '../../../../console/meters/meter-form.tsx';
import { MeterTemplates } from '../../../../console/meters/meter-templates.tsx';
import { MetersTable } from '../../../../console/meters/meters-table.tsx';
import { OwnersOnly } from '../../../../console/owners-only.tsx';
import { param, type SearchParams } from '../../../../usage/address.ts';

export const metadata = { title: 'Meters' };

type Props = { readonly params: Promise<{ provider: string }>; readonly searchParams: Promise<SearchParams> };

/** What is counted of calls, and what plans can limit. */
export default async function MetersPage({ params, searchParams }: Props) {
  const { api, base, mayWrite } = await consolePage(params);
  const making = param(await searchParams, 'new');
  const path = `${base}/meters`;
  const [meters, features] = await Promise.all([api.meter.list({ limit: 200 }), api.feature.list({ limit: 200 })]);
  const slugs = meters.items.map(({ slug }) => slug);
  const some = meters.items.length > 0;
  return (
    <>
      <PageHeader
        title="Meters"
        description="What is counted of every call, and what plans can limit and price."
        action={
          <OwnersOnly mayWrite={mayWrite} can="create meters">
            <LinkButton href={`${path}?new=meter`} variant={some ? 'primary' : 'secondary'}>
              Create meter
            </LinkButton>
          </OwnersOnly>
        }
      />
      <div className="mb-8">
        <MetersTable
          meters={meters.items}
          features={features.items}
          action={mayWrite ? <MeterTemplates slugs={slugs} primary /> : null}
        />
        {some && mayWrite ? (
          <div className="mt-4">
            <MeterTemplates slugs={slugs} primary={false} />
          </div>
        ) : null}
      </div>
      <Section
        title="Features"
        description="Names for what plans grant: the sum of one or more meters."
        action={
          mayWrite && some && features.items.length > 0 ? (
            <LinkButton href={`${path}?new=feature`}>Create feature</LinkButton>
          ) : null
        }
      >
        <FeaturesTable features={features.items} hasMeters={some} mayWrite={mayWrite} newHref={`${path}?new=feature`} />
      </Section>
      {mayWrite && making === 'meter' ? (
        <Sheet title="New meter" description="Meters cannot be changed once they count." closeHref={path}>
          <MeterForm doneHref={path} />
        </Sheet>
      ) : null}
      {mayWrite && making === 'feature' ? (
        <Sheet title="New feature" description="What plans limit." closeHref={path}>
          <FeatureForm meters={meters.items.filter(isAdditive)} doneHref={path} />
        </Sheet>
      ) : null}
    </>
  );
}
