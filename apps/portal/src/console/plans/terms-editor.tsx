'use client';

import { Section, TextLink } from '@tollwright/ui';
import type { Feature, Meter } from '../outputs.ts';
import type { PolicyType } from '../policies/outputs.ts';
import type { EditorProps } from './editor-props.ts';
import { LimitFields } from './limit-fields.tsx';
import { ModelPriceFields } from './model-price-fields.tsx';
import { PlanPolicies } from './plan-policies.tsx';
import { PrepaidFields } from './prepaid-fields.tsx';
import { QuotaFields } from './quota-fields.tsx';
import { UnitPriceFields } from './unit-price-fields.tsx';

export interface TermsEditorProps extends EditorProps {
  readonly meters: readonly Meter[];
  readonly features: readonly Feature[];
  readonly metersHref: string;
  readonly policyTypes: readonly PolicyType[];
}

/** Everything that a plan version grants and costs. */
export function TermsEditor({ meters, features, metersHref, policyTypes, ...editor }: TermsEditorProps) {
  const { draft, onChange } = editor;
  const summing = meters.filter(({ aggregation }) => aggregation === 'SUM');
  return (
    <>
      <Section title="Fee and limits">
        <LimitFields {...editor} />
      </Section>
      <Section title="Quotas" description="What the plan includes. Calls beyond it are refused with 429.">
        <QuotaFields {...editor} features={features} metersHref={metersHref} />
      </Section>
      <Section
        title="Prices by model"
        description="In USD per million. A model without a price is refused, never free, once any model has one."
      >
        {summing.length > 0 ? (
          <ModelPriceFields {...editor} meters={summing} />
        ) : (
          <NoMeters what="Token prices need meters that add tokens up." href={metersHref} />
        )}
      </Section>
      <Section
        title="Prices per unit"
        description="Of a meter, such as requests: each unit the same, in tiers, by the month’s volume or in packages."
      >
        {meters.length > 0 ? (
          <UnitPriceFields {...editor} meters={meters} />
        ) : (
          <NoMeters what="Prices need meters." href={metersHref} />
        )}
      </Section>
      <Section title="Credit" description="Whether calls are paid before, from a balance that any rail pays into.">
        <PrepaidFields {...editor} />
      </Section>
      <Section
        title="Policies"
        description="What else decides about the calls of this plan, in the order in which it runs."
      >
        <PlanPolicies
          types={policyTypes}
          policies={draft.policies}
          onChange={(policies) => onChange({ ...draft, policies: [...policies] })}
        />
      </Section>
    </>
  );
}

function NoMeters({ what, href }: { readonly what: string; readonly href: string }) {
  return (
    <p className="text-base text-muted">
      {what} <TextLink href={href}>Create meters</TextLink>
    </p>
  );
}
