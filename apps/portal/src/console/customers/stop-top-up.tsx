'use client';

import { useMutation } from '@tanstack/react-query';
import { Button, ConfirmDialog } from '@tollwright/ui';
import { useRouter } from 'next/navigation';
import { useApi } from '../../client/api.tsx';
import { attempt } from '../../client/attempt.ts';
import type { TopUpRule } from '../../top-up/top-ups.tsx';

interface Props {
  readonly customerId: string;
  readonly customerName: string;
  readonly rule: TopUpRule;
  /** Of an agent: whose balance it is. Null: of all agents. */
  readonly agentName: string | null;
}

/** Stops a customer's automatic top-up. Only the customer can have it go on. */
export function StopTopUp({ customerId, customerName, rule, agentName }: Props) {
  const router = useRouter();
  const { mutateAsync } = useMutation(useApi().topUp.pause.mutationOptions());
  const whose = agentName ?? customerName;
  return (
    <ConfirmDialog
      trigger={
        <Button size="sm">
          Stop<span className="sr-only"> topping up {whose}</span>
        </Button>
      }
      title={`Stop topping up ${whose}?`}
      consequence={`The card of ${customerName} is not charged for this balance any more; when it is used up, calls that need it are refused. Only ${customerName} can start it again.`}
      confirmLabel="Stop top-up"
      pendingLabel="Stopping…"
      onConfirm={() =>
        attempt(async () => {
          await mutateAsync({ customerId, ruleId: rule.id, paused: true });
          router.refresh();
        })
      }
    />
  );
}
