'use client';

import { useMutation } from '@tanstack/react-query';
import { Button, Field, Input, Sheet, Textarea, useNavigate } from '@tollwright/ui';
import { useRouter } from 'next/navigation';
import type { FormEvent } from 'react';
import { useApi } from '../../client/api.tsx';
import { ProblemCallout } from '../../client/problem-callout.tsx';
import { useSubmit } from '../../client/use-submit.ts';
import type { Plan } from '../outputs.ts';

/** What a plan is called; what it costs are its versions. */
export function PlanDetails({ plan, closeHref }: { readonly plan: Plan; readonly closeHref: string }) {
  const router = useRouter();
  const navigate = useNavigate();
  const { mutateAsync } = useMutation(useApi().plan.update.mutationOptions());
  const { submit, pending, problem, errorOf } = useSubmit(mutateAsync);
  const onSubmit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const name = String(form.get('name'));
    if (!(await submit({ planId: plan.id, name, description: String(form.get('description')) }))) return;
    navigate(closeHref);
    router.refresh();
  };
  return (
    <Sheet title={`Rename ${plan.name}`} description="Subscribers see the new name at once." closeHref={closeHref}>
      <form onSubmit={onSubmit} className="grid gap-4">
        <ProblemCallout problem={problem} />
        <Field label="Name" error={errorOf('name')}>
          <Input name="name" defaultValue={plan.name} required />
        </Field>
        <Field label="Description" optional error={errorOf('description')}>
          <Textarea name="description" rows={3} maxLength={500} defaultValue={plan.description} />
        </Field>
        <div>
          <Button type="submit" variant="primary" pending={pending && 'Saving plan…'}>
            Save plan
          </Button>
        </div>
      </form>
    </Sheet>
  );
}
