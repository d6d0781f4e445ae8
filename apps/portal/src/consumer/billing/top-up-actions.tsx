'use client';

import { useMutation } from '@tanstack/react-query';
import { Button, ConfirmDialog } from '@tollwright/ui';
import { useRouter } from 'next/navigation';
import { useApi } from '../../client/api.tsx';
import { attempt } from '../../client/attempt.ts';
import { ProblemCallout } from '../../client/problem-callout.tsx';
import { useSubmit } from '../../client/use-submit.ts';
import type { TopUpRule } from '../../top-up/top-ups.tsx';

/** Stops a rule, or has it go on. */
export function PauseTopUp({ rule }: { readonly rule: TopUpRule }) {
  const router = useRouter();
  const { mutateAsync } = useMutation(useApi().topUp.pause.mutationOptions());
  const { submit, pending, problem } = useSubmit(mutateAsync);
  const isPaused = rule.pausedBy !== null;
  const onClick = async () => {
    if (await submit({ ruleId: rule.id, paused: !isPaused })) router.refresh();
  };
  return (
    <>
      <ProblemCallout problem={problem} />
      <Button type="button" size="sm" onClick={onClick} pending={pending && 'Saving…'}>
        {isPaused ? 'Go on' : 'Pause'}
      </Button>
    </>
  );
}

/** Goes to Stripe's page for a card, and removes the one that is saved. */
export function CardActions({ hasCard }: { readonly hasCard: boolean }) {
  const router = useRouter();
  const api = useApi();
  const begin = useSubmit(useMutation(api.topUp.beginCard.mutationOptions()).mutateAsync);
  const remove = useMutation(api.topUp.removeCard.mutationOptions());
  const onBegin = async () => {
    const opened = await begin.submit({});
    if (opened) window.location.assign(opened.url);
  };
  const onRemove = () =>
    attempt(async () => {
      await remove.mutateAsync({});
      router.refresh();
    });
  return (
    <div className="my-4 grid gap-3">
      <ProblemCallout problem={begin.problem} />
      <div className="flex flex-wrap gap-2">
        <Button type="button" onClick={onBegin} pending={begin.pending && 'Opening Stripe…'}>
          {hasCard ? 'Replace card' : 'Save card'}
        </Button>
        {hasCard ? (
          <ConfirmDialog
            trigger={<Button type="button">Remove card</Button>}
            title="Remove the saved card?"
            consequence="No balance is topped up until another card is saved. What was paid in stays; agents whose credit is used up are refused."
            confirmLabel="Remove card"
            pendingLabel="Removing…"
            onConfirm={onRemove}
          />
        ) : null}
      </div>
    </div>
  );
}
