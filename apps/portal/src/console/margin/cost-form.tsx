'use client';

import { useMutation } from '@tanstack/react-query';
import { Button, Field, Input, Select, Textarea, useNavigate } from '@tollwright/ui';
import { useRouter } from 'next/navigation';
import { type ChangeEvent, type FormEvent, useState } from 'react';
import { useApi } from '../../client/api.tsx';
import { ProblemCallout } from '../../client/problem-callout.tsx';
import { useSubmit } from '../../client/use-submit.ts';
import { COST_CSV_HEAD } from './cost-csv.ts';
import type { CostScope } from './cost-scopes.ts';

/** What is in force in a scope, as it is typed. */
export interface CostDraft {
  readonly callUsd: string;
  readonly csv: string;
}

export interface CostFormProps {
  readonly scopes: readonly CostScope[];
  /** By the scope's value; a scope without a table has none. */
  readonly drafts: Readonly<Record<string, CostDraft>>;
  readonly doneHref: string;
}

const NOTHING: CostDraft = { callUsd: '', csv: COST_CSV_HEAD };

/** Says what calls cost from now on, or from a moment on; models by hand, pasted or from a file. */
export function CostForm({ scopes, drafts, doneHref }: CostFormProps) {
  const navigate = useNavigate();
  const router = useRouter();
  const { mutateAsync } = useMutation(useApi().cost.set.mutationOptions());
  const { submit, pending, problem, errorOf } = useSubmit(mutateAsync);
  const [scope, setScope] = useState('');
  const [draft, setDraft] = useState(drafts[''] ?? NOTHING);
  const onScope = (event: ChangeEvent<HTMLSelectElement>) => {
    setScope(event.target.value);
    setDraft(drafts[event.target.value] ?? NOTHING);
  };
  const onFile = async (event: ChangeEvent<HTMLInputElement>) => {
    const csv = await event.target.files?.[0]?.text();
    if (csv !== undefined) setDraft({ ...draft, csv });
  };
  const onSubmit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const from = String(new FormData(event.currentTarget).get('effectiveFrom'));
    const [apiId = '', routeId = ''] = scope.split(' ');
    const hasModels = draft.csv.trim() !== '' && draft.csv.trim() !== COST_CSV_HEAD;
    const saved = await submit({
      ...(apiId === '' ? {} : { apiId }),
      ...(routeId === '' ? {} : { routeId }),
      ...(from === '' ? {} : { effectiveFrom: new Date(`${from}Z`).toISOString() }),
      ...(draft.callUsd.trim() === '' ? {} : { callUsd: draft.callUsd.trim() }),
      ...(hasModels ? { csv: draft.csv } : {}),
    });
    if (!saved) return;
    navigate(doneHref);
    router.refresh();
  };
  return (
    <form onSubmit={onSubmit} className="grid gap-4">
      <ProblemCallout problem={problem} />
      <Field label="For" hint="A route's figures come before its API's, and those before every API's.">
        <Select options={scopes} value={scope} onChange={onScope} />
      </Field>
      <Field
        label="Cost of a call"
        hint="Beside its tokens. Empty: nothing is said of it here."
        error={errorOf('callUsd')}
        optional
      >
        <Input
          inputMode="decimal"
          suffix="USD"
          value={draft.callUsd}
          onChange={(event) => setDraft({ ...draft, callUsd: event.target.value })}
        />
      </Field>
      <Field
        label="Model costs"
        hint="CSV, dollars for a million tokens. An empty cell costs what its whole costs: cached tokens are part of the input, reasoning of the output. A name that ends in * is every model that begins so."
        error={errorOf('csv')}
        optional
      >
        <Textarea
          mono
          rows={10}
          wrap="off"
          value={draft.csv}
          onChange={(event) => setDraft({ ...draft, csv: event.target.value })}
        />
      </Field>
      <Field label="Import a file" hint="A CSV with a line of column names. It replaces the lines above." optional>
        <Input type="file" className="py-1.5" accept=".csv,text/csv" onChange={onFile} />
      </Field>
      <Field
        label="From"
        hint="UTC; now when left empty. Calls that came in already keep their cost."
        error={errorOf('effectiveFrom')}
        optional
      >
        <Input name="effectiveFrom" type="datetime-local" />
      </Field>
      <div>
        <Button type="submit" variant="primary" pending={pending && 'Saving costs…'}>
          Save costs
        </Button>
      </div>
    </form>
  );
}
