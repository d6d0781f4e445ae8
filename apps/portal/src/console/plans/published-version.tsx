import { Section } from '@tollwright/ui';
import { PlanTermsSummary } from '../../plan/plan-terms-summary.tsx';
import type { Meter, PlanVersion } from '../outputs.ts';
import type { PolicyType } from '../policies/outputs.ts';
import { PoliciesPanel } from '../policies/policies-panel.tsx';
import { PricePreview } from './price-preview.tsx';
import { VersionStatus } from './versions-list.tsx';

/** A version to read: what it grants and costs, and an example to try. */
export function PublishedVersion({
  version,
  meters,
  policyTypes,
}: {
  readonly version: PlanVersion;
  readonly meters: readonly Meter[];
  readonly policyTypes: readonly PolicyType[];
}) {
  return (
    <div className="grid gap-x-12 lg:grid-cols-[minmax(0,1fr)_20rem]">
      <Section
        title={
          <span className="inline-flex items-center gap-2.5">
            Version {version.version} <VersionStatus version={version} />
          </span>
        }
        rule={false}
      >
        <PlanTermsSummary terms={version.terms} />
        <h3 className="mt-6 mb-2 font-medium text-ink">Policies</h3>
        <PoliciesPanel level="plan" types={policyTypes} policies={version.terms.policies} />
      </Section>
      <Section title="Try a call" description="Priced by the function that charges real calls." rule={false}>
        <PricePreview terms={version.terms} meters={meters} />
      </Section>
    </div>
  );
}
