'use client';

import { useMutation } from '@tanstack/react-query';
import { Button, Dialog, Field, Input, RadioGroup, Select } from '@tollwright/ui';
import { useRouter } from 'next/navigation';
import { type FormEvent, useId, useState } from 'react';
import { useApi } from '../../client/api.tsx';
import { ProblemCallout } from '../../client/problem-callout.tsx';
import { useSubmit } from '../../client/use-submit.ts';
import { nanoUsdOf, usdTyped } from '../../plan/usd.ts';
import type { BudgetState } from '../outputs.ts';
import { BUDGET_PERIODS } from './budget-words.ts';

export interface BudgetDialogProps {
  readonly subject: BudgetState['subject'];
  readonly subjectId: string;
  readonly name: string;
  readonly current: Pick<BudgetState, 'budgetId' | 'limitNanoUsd' | 'period' | 'soft'> | null;
  readonly size?: 'sm' | 'md';
}

const AT_THE_LIMIT = [
  {
    value: 'hard',
    label: 'Stop calls at the limit',
    hint: 'Calls that could cost more than what is left are refused before they are forwarded.',
  },
  { value: 'soft', label: 'Only tell me', hint: 'Calls go on. Other budgets still hold them.' },
];
const NOT_AN_AMOUNT = 'Write an amount in USD, such as 5 or 0.50.';

/** Sets a budget, or raises or lowers it. It holds for every call decided from then on. */
export function BudgetDialog({ subject, subjectId, name, current, size = 'md' }: BudgetDialogProps) {
  const [open, setOpen] = useState(false);
  const [typo, setTypo] = useState<string>();
  const formId = useId();
  const router = useRouter();
  const api = useApi();
  const set = useMutation(api.budget.set.mutationOptions());
  const remove = useMutation(api.budget.remove.mutationOptions());
  const setting = useSubmit(set.mutateAsync);
  const removing = useSubmit(remove.mutateAsync);

  const close = () => {
    setOpen(false);
    router.refresh();
  };
  const onSubmit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const limitNanoUsd = nanoUsdOf(String(form.get('limit')));
    setTypo(limitNanoUsd === null ? NOT_AN_AMOUNT : undefined);
    if (limitNanoUsd === null) return;
    const period = String(form.get('period')) as (typeof BUDGET_PERIODS)[number]['value'];
    const soft = form.get('limited') === 'soft';
    if (await setting.submit({ subject, subjectId, limitNanoUsd, period, soft })) close();
  };
  const onRemove = async () => {
    if (current && (await removing.submit({ budgetId: current.budgetId }))) close();
  };
  const removable = current !== null && subject !== 'key';

  return (
    <>
      <Button size={size} onClick={() => setOpen(true)}>
        {current ? 'Change budget' : 'Set a budget'}
      </Button>
      <Dialog
        open={open}
        onOpenChange={setOpen}
        title={`Budget of ${name}`}
        description="You are told when half of it, 80, 95 and 100% are spent."
        footer={
          <>
            {removable ? (
              <Button variant="quiet" className="mr-auto" pending={removing.pending && 'Removing…'} onClick={onRemove}>
                Remove
              </Button>
            ) : null}
            <Button onClick={() => setOpen(false)}>Cancel</Button>
            <Button type="submit" form={formId} variant="primary" pending={setting.pending && 'Saving…'}>
              Save budget
            </Button>
          </>
        }
      >
        <form id={formId} onSubmit={onSubmit} className="grid gap-4">
          <ProblemCallout problem={setting.problem ?? removing.problem} />
          <div className="grid grid-cols-[1fr_auto] gap-3">
            <Field label="At most" error={typo ?? setting.errorOf('limitNanoUsd')}>
              <Input
                name="limit"
                inputMode="decimal"
                autoComplete="off"
                suffix="USD"
                defaultValue={current ? usdTyped(current.limitNanoUsd) : ''}
                required
              />
            </Field>
            <Field label="Every" className="w-32">
              <Select name="period" options={BUDGET_PERIODS} defaultValue={current?.period ?? 'month'} />
            </Field>
          </div>
          {subject === 'key' ? null : (
            <RadioGroup
              legend="At the limit"
              name="limited"
              options={AT_THE_LIMIT}
              defaultValue={current?.soft ? 'soft' : 'hard'}
              error={setting.errorOf('soft')}
            />
          )}
        </form>
      </Dialog>
    </>
  );
}
