'use client';

import { useMutation } from '@tanstack/react-query';
import { Button, Section } from '@tollwright/ui';
import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { useApi } from '../../client/api.tsx';
import { ProblemCallout } from '../../client/problem-callout.tsx';
import { useSubmit } from '../../client/use-submit.ts';
import type { Api, Route } from '../outputs.ts';
import { type StepUpField, StepUpFields, stepUpOf } from './step-up-fields.tsx';

export interface ApiStepUpProps {
  readonly api: Api;
  readonly routes: readonly Route[];
  readonly mayWrite: boolean;
}

/** From which amounts on a payment needs more than money, on every route that sets no limits of its own. */
export function ApiStepUp({ api, routes, mayWrite }: ApiStepUpProps) {
  const router = useRouter();
  const { mutateAsync } = useMutation(useApi().api.update.mutationOptions());
  const { submit, pending, problem, errorOf } = useSubmit(mutateAsync);
  const [wrong, setWrong] = useState<Partial<Record<StepUpField, string>>>({});
  const onSubmit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const stepUp = stepUpOf(new FormData(event.currentTarget));
    setWrong(stepUp.wrong);
    if (Object.keys(stepUp.wrong).length > 0) return;
    if (await submit({ apiId: api.id, ...stepUp.wanted })) router.refresh();
  };
  return (
    <Section id="large-payments" title="Large payments" description={descriptionOf(routes)} className="mt-8">
      <form onSubmit={onSubmit} className="max-w-2xl">
        <fieldset disabled={!mayWrite} className="grid gap-4">
          <legend className="sr-only">Limits of large payments</legend>
          <ProblemCallout problem={problem} />
          <StepUpFields
            limits={api}
            errors={{
              stepUpAbove: wrong.stepUpAbove ?? errorOf('stepUpAboveNanoUsd'),
              stepUpPayerAbove: wrong.stepUpPayerAbove ?? errorOf('stepUpPayerAboveNanoUsd'),
            }}
          />
          {mayWrite ? (
            <div>
              <Button type="submit" pending={pending && 'Saving limits…'}>
                Save limits
              </Button>
            </div>
          ) : null}
        </fieldset>
      </form>
    </Section>
  );
}

function descriptionOf(routes: readonly Route[]): string {
  const own = routes.filter(({ stepUpFrom }) => stepUpFrom === 'route').length;
  const rule = 'Payments above these limits need more than money, on every route without limits of its own.';
  if (own === 0) return rule;
  return `${rule} ${own === 1 ? 'One route has' : `${own} routes have`} limits of ${own === 1 ? 'its' : 'their'} own.`;
}
