'use client';

import { useMutation } from '@tanstack/react-query';
import { Button, Field, Input, Section, Select, Textarea, useNavigate } from '@tollwright/ui';
import { type FormEvent, useState } from 'react';
import { useApi } from '../../client/api.tsx';
import { ProblemCallout } from '../../client/problem-callout.tsx';
import { useSubmit } from '../../client/use-submit.ts';
import type { Feature, Meter } from '../outputs.ts';
import type { PolicyType } from '../policies/outputs.ts';
import { slugOf } from '../slug-of.ts';
import { PricePreview } from './price-preview.tsx';
import { NEW_TERMS, termsOf } from './terms-draft.ts';
import { TermsEditor } from './terms-editor.tsx';

export interface NewPlanFormProps {
  readonly base: string;
  readonly customers: readonly { readonly value: string; readonly label: string }[];
  readonly meters: readonly Meter[];
  readonly features: readonly Feature[];
  readonly policyTypes: readonly PolicyType[];
}

/** A plan with a draft of its first version. */
export function NewPlanForm({ base, customers, meters, features, policyTypes }: NewPlanFormProps) {
  const navigate = useNavigate();
  const { mutateAsync } = useMutation(useApi().plan.create.mutationOptions());
  const { submit, pending, problem, errorOf } = useSubmit(mutateAsync);
  const [draft, setDraft] = useState(NEW_TERMS);
  const [asked, setAsked] = useState(false);
  const typed = termsOf(draft, meters);
  const onSubmit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setAsked(true);
    if (typed.kind === 'wrong') return;
    const form = new FormData(event.currentTarget);
    const customerId = String(form.get('customerId'));
    const plan = await submit({
      name: String(form.get('name')),
      key: String(form.get('key')),
      description: String(form.get('description')),
      ...(customerId === '' ? {} : { customerId }),
      terms: typed.terms,
    });
    if (plan) navigate(`${base}/plans/${plan.id}`);
  };
  return (
    <div className="grid gap-x-12 lg:grid-cols-[minmax(0,1fr)_20rem]">
      <form onSubmit={onSubmit}>
        <ProblemCallout problem={problem} />
        <PlanFields customers={customers} errorOf={errorOf} />
        <TermsEditor
          draft={draft}
          errors={asked && typed.kind === 'wrong' ? typed.errors : {}}
          onChange={setDraft}
          meters={meters}
          features={features}
          policyTypes={policyTypes}
          metersHref={`${base}/meters`}
        />
        <div className="border-t border-line pt-5">
          <Button type="submit" variant="primary" pending={pending && 'Creating draft…'}>
            Create draft
          </Button>
          {asked && typed.kind === 'wrong' ? (
            <p role="alert" className="mt-2 text-sm text-red">
              Correct the marked fields first.
            </p>
          ) : null}
        </div>
      </form>
      <div className="lg:sticky lg:top-20 lg:self-start">
        <Section title="Try a call" description="Priced by the function that charges real calls." rule={false}>
          <PricePreview terms={typed.kind === 'terms' ? typed.terms : null} meters={meters} />
        </Section>
      </div>
    </div>
  );
}

interface PlanFieldsProps {
  readonly customers: NewPlanFormProps['customers'];
  readonly errorOf: (path: string) => string | undefined;
}

function PlanFields({ customers, errorOf }: PlanFieldsProps) {
  const [name, setName] = useState('');
  const [typedKey, setTypedKey] = useState<string | null>(null);
  return (
    <Section title="Plan" rule={false}>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label="Name" error={errorOf('name')}>
          <Input name="name" value={name} onChange={(event) => setName(event.target.value)} required />
        </Field>
        <Field label="Key" hint="Names the plan in the API." error={errorOf('key')}>
          <Input
            name="key"
            mono
            value={typedKey ?? slugOf(name)}
            onChange={(event) => setTypedKey(event.target.value)}
            required
          />
        </Field>
        <Field label="Description" optional className="sm:col-span-2" error={errorOf('description')}>
          <Textarea name="description" rows={2} maxLength={500} />
        </Field>
        <Field label="Who sees it" className="sm:col-span-2" error={errorOf('customerId')}>
          <Select
            name="customerId"
            emptyLabel="Everybody in your portal"
            options={customers.map(({ value, label }) => ({ value, label: `Only ${label}` }))}
          />
        </Field>
      </div>
    </Section>
  );
}
