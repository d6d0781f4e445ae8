'use client';

import { useMutation } from '@tanstack/react-query';
import type { Aggregation } from '@tollwright/core';
import { Button, Field, Input, RadioGroup, Textarea, useNavigate } from '@tollwright/ui';
import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { useApi } from '../../client/api.tsx';
import { ProblemCallout } from '../../client/problem-callout.tsx';
import { useSubmit } from '../../client/use-submit.ts';
import { AGGREGATION_OPTIONS } from './aggregation-options.ts';
import { groupByOf } from './templates.ts';

/** A meter by hand. */
export function MeterForm({ doneHref }: { readonly doneHref: string }) {
  const navigate = useNavigate();
  const router = useRouter();
  const { mutateAsync } = useMutation(useApi().meter.create.mutationOptions());
  const { submit, pending, problem, errorOf } = useSubmit(mutateAsync);
  const [aggregation, setAggregation] = useState<Aggregation>('SUM');
  const onSubmit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const meter = await submit({
      slug: String(form.get('slug')),
      name: String(form.get('name')),
      eventType: String(form.get('eventType')),
      aggregation,
      valueProperty: aggregation === 'COUNT' ? null : String(form.get('valueProperty')),
      groupBy: groupByOf(String(form.get('groupBy'))),
    });
    if (!meter) return;
    navigate(doneHref);
    router.refresh();
  };
  return (
    <form onSubmit={onSubmit} className="grid gap-4">
      <ProblemCallout problem={problem} />
      <Field label="Name" error={errorOf('name')}>
        <Input name="name" required />
      </Field>
      <Field
        label="Slug"
        hint="Lower-case words joined by underscores. Plans and the API use it."
        error={errorOf('slug')}
      >
        <Input name="slug" mono required />
      </Field>
      <Field
        label="Event type"
        hint="Every call is an event of the type request; events that you send have the type that you give them."
        error={errorOf('eventType')}
      >
        <Input name="eventType" mono defaultValue="request" required />
      </Field>
      <RadioGroup
        legend="Aggregation"
        name="aggregation"
        value={aggregation}
        onChange={(event) => setAggregation(event.target.value as Aggregation)}
        options={AGGREGATION_OPTIONS}
      />
      {aggregation === 'COUNT' ? null : (
        <Field
          label="Value"
          hint="The field that is aggregated, such as $.input_tokens."
          error={errorOf('valueProperty')}
        >
          <Input name="valueProperty" mono defaultValue="$." required />
        </Field>
      )}
      <Field
        label="Group by"
        hint="One dimension a line. Prices by model need model."
        error={errorOf('groupBy')}
        optional
      >
        <Textarea name="groupBy" mono rows={3} defaultValue={'model = $.model\nroute = $.route'} />
      </Field>
      <div>
        <Button type="submit" variant="primary" pending={pending && 'Creating meter…'}>
          Create meter
        </Button>
      </div>
    </form>
  );
}
