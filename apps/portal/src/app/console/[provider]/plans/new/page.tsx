import { isAdditive } from '@tollwright/core';
import { Callout, PageHeader } from '@tollwright/ui';
import { consolePage } from '../../../../../console/console-page.ts';
import { NewPlanForm } from '../../../../../console/plans/new-plan-form.tsx';

export const metadata = { title: 'Create plan' };

/** Writes the first version of a plan. */
export default async function NewPlanPage({ params }: { readonly params: Promise<{ provider: string }> }) {
  const { api, base, mayWrite } = await consolePage(params);
  const [meters, features, customers, policyTypes] = await Promise.all([
    api.meter.list({ limit: 200 }),
    api.feature.list({ limit: 200 }),
    api.customer.list({ limit: 200 }),
    api.policy.types({}),
  ]);
  return (
    <>
      <PageHeader
        title="Create plan"
        description="You get a draft first; nobody sees it before you publish it."
        trail={[{ label: 'Plans', href: `${base}/plans` }]}
      />
      {mayWrite ? (
        <NewPlanForm
          base={base}
          meters={meters.items.filter(isAdditive)}
          features={features.items}
          policyTypes={policyTypes.items}
          customers={customers.items.map(({ id, name }) => ({ value: id, label: name }))}
        />
      ) : (
        <Callout title="Only owners can create plans" next="Ask an owner of this organization." />
      )}
    </>
  );
}
