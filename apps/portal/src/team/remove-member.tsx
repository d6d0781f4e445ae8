'use client';

import { useMutation } from '@tanstack/react-query';
import { Button, ConfirmDialog } from '@tollwright/ui';
import { useRouter } from 'next/navigation';
import { useApi } from '../client/api.tsx';
import { attempt } from '../client/attempt.ts';
import type { Member } from './outputs.ts';

/** Takes a person out of the organization. */
export function RemoveMember({ member, organization }: { readonly member: Member; readonly organization: string }) {
  const router = useRouter();
  const { mutateAsync } = useMutation(useApi().member.remove.mutationOptions());
  return (
    <ConfirmDialog
      trigger={
        <Button size="sm" variant="quiet">
          Remove<span className="sr-only"> {member.name}</span>
        </Button>
      }
      title={`Remove ${member.name}?`}
      consequence={`${member.email} cannot open ${organization} any more, from the next page on.`}
      confirmLabel="Remove person"
      pendingLabel="Removing…"
      onConfirm={() =>
        attempt(async () => {
          await mutateAsync({ membershipId: member.id });
          router.refresh();
        })
      }
    />
  );
}
