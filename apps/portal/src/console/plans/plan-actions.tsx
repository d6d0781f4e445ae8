'use client';

import { useMutation } from '@tanstack/react-query';
import { Button, ConfirmDialog, useNavigate } from '@tollwright/ui';
import { useRouter } from 'next/navigation';
import { useApi } from '../../client/api.tsx';
import { attempt } from '../../client/attempt.ts';
import { ProblemCallout } from '../../client/problem-callout.tsx';
import { useSubmit } from '../../client/use-submit.ts';
import type { Plan } from '../outputs.ts';

/** Starts a draft of the next version from the newest one. */
export function NewVersion({ plan, path }: { readonly plan: Plan; readonly path: string }) {
  const router = useRouter();
  const navigate = useNavigate();
  const { mutateAsync } = useMutation(useApi().plan.newVersion.mutationOptions());
  const { submit, pending, problem } = useSubmit(mutateAsync);
  const onClick = async () => {
    if (!(await submit({ planId: plan.id }))) return;
    navigate(path);
    router.refresh();
  };
  return (
    <div>
      <ProblemCallout problem={problem} />
      <Button variant="primary" pending={pending && 'Starting draft…'} onClick={onClick}>
        Start version {(plan.versions[0]?.version ?? 0) + 1}
      </Button>
    </div>
  );
}

/** Takes a plan off offer. */
export function ArchivePlan({ plan, plansHref }: { readonly plan: Plan; readonly plansHref: string }) {
  const router = useRouter();
  const navigate = useNavigate();
  const { mutateAsync } = useMutation(useApi().plan.archive.mutationOptions());
  return (
    <ConfirmDialog
      trigger={<Button variant="quiet">Archive plan</Button>}
      title={`Archive ${plan.name}?`}
      consequence={`Nobody can subscribe to it any more. ${plan.subscribers === 0 ? 'It has no subscribers.' : 'Its subscribers stay on it until you move them.'}`}
      confirmLabel="Archive plan"
      pendingLabel="Archiving…"
      onConfirm={() =>
        attempt(async () => {
          await mutateAsync({ planId: plan.id });
          navigate(plansHref);
          router.refresh();
        })
      }
    />
  );
}
