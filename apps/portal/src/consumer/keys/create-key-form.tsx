'use client';

import { Button, Field, Input, Select, Textarea } from '@tollwright/ui';
import { type FormEvent, useState } from 'react';
import type { ShownProblem } from '../../client/problem.ts';
import { ProblemCallout } from '../../client/problem-callout.tsx';
import { nanoUsdOf, usdTyped } from '../../plan/usd.ts';
import { type MetadataLine, notesOf, repeatedName } from '../agents/metadata.ts';
import { KEY_NOTES, MetadataFields } from '../agents/metadata-fields.tsx';
import { BUDGET_PERIODS } from '../budget/budget-words.ts';
import { expiryOf } from './expiry.ts';

type Period = (typeof BUDGET_PERIODS)[number]['value'];

export interface NewKey {
  readonly name: string;
  readonly expiresAt?: string;
  readonly scopes: string[];
  readonly metadata: Record<string, string>;
  readonly budget: { readonly limitNanoUsd: string; readonly period: Period };
}

export interface CreateKeyFormProps {
  readonly defaultCap: { readonly limitNanoUsd: string; readonly period: string } | null;
  readonly pending: boolean;
  readonly problem: ShownProblem | null;
  readonly errorOf: (path: string) => string | undefined;
  readonly onCreate: (key: NewKey) => void;
  readonly onCancel: () => void;
}

const EXPIRIES = [
  { value: '30', label: 'In 30 days' },
  { value: '90', label: 'In 90 days' },
  { value: '365', label: 'In a year' },
];

/** What a key is called, how long it lives and what it may spend. */
export function CreateKeyForm({ defaultCap, pending, problem, errorOf, onCreate, onCancel }: CreateKeyFormProps) {
  const [typo, setTypo] = useState<string>();
  const [lines, setLines] = useState<readonly MetadataLine[]>([]);
  const repeated = repeatedName(lines);
  const errorWithin = (path: string) =>
    Object.entries(problem?.fields ?? {}).find(([at]) => at === path || at.startsWith(`${path}.`))?.[1];
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const limitNanoUsd = nanoUsdOf(String(form.get('limit')));
    setTypo(limitNanoUsd === null ? 'Write an amount in USD, such as 5 or 0.50.' : undefined);
    if (limitNanoUsd === null || repeated !== null) return;
    const expiresAt = expiryOf(String(form.get('expiry')), Date.now());
    onCreate({
      name: String(form.get('name')),
      ...(expiresAt === null ? {} : { expiresAt }),
      scopes: String(form.get('scopes')).split(/\s+/).filter(Boolean),
      metadata: notesOf(lines),
      budget: { limitNanoUsd, period: String(form.get('period')) as Period },
    });
  };
  return (
    <form onSubmit={onSubmit} className="grid gap-5">
      <ProblemCallout problem={problem} />
      <Field label="Name" hint="Where it is used: production, laptop." error={errorOf('name')}>
        <Input name="name" autoComplete="off" maxLength={120} defaultValue="production" required />
      </Field>
      <Field label="Expires" error={errorOf('expiresAt')}>
        <Select name="expiry" emptyLabel="Never" options={EXPIRIES} />
      </Field>
      <Field
        label="Scopes"
        optional
        hint="What it may do on routes that ask for scopes, one a line, such as chat:write."
        error={errorWithin('scopes')}
      >
        <Textarea name="scopes" mono rows={2} />
      </Field>
      <MetadataFields
        lines={lines}
        onChange={setLines}
        bounds={KEY_NOTES}
        error={repeated === null ? errorWithin('metadata') : `${repeated} stands twice. Keep one of the two.`}
      />
      <div>
        <div className="grid grid-cols-[1fr_8rem] gap-3">
          <Field label="Capped at" error={typo ?? errorOf('budget.limitNanoUsd')}>
            <Input
              name="limit"
              inputMode="decimal"
              autoComplete="off"
              suffix="USD"
              defaultValue={defaultCap ? usdTyped(defaultCap.limitNanoUsd) : ''}
              required
            />
          </Field>
          <Field label="Every">
            <Select name="period" options={BUDGET_PERIODS} defaultValue={defaultCap?.period ?? 'month'} />
          </Field>
        </div>
        <p className="mt-1 text-sm text-muted">
          {defaultCap ? 'Your plan’s default for new keys. ' : ''}Every key has a cap, so that a leaked one costs no
          more than this.
        </p>
      </div>
      <div className="flex gap-2">
        <Button type="submit" variant="primary" pending={pending && 'Creating key…'}>
          Create key
        </Button>
        <Button onClick={onCancel}>Cancel</Button>
      </div>
    </form>
  );
}
