'use client';

import { useMutation } from '@tanstack/react-query';
import { Button, Callout, Field, Input, Select } from '@tollwright/ui';
import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { useApi } from '../client/api.tsx';
import { ProblemCallout } from '../client/problem-callout.tsx';
import { useSubmit } from '../client/use-submit.ts';
import type { Member } from './outputs.ts';

const ROLES: readonly { readonly value: Member['role']; readonly label: string }[] = [
  { value: 'viewer', label: 'Viewer: looks' },
  { value: 'owner', label: 'Owner: changes everything' },
];

/** Asks a person to join by mail. */
export function InviteForm() {
  const router = useRouter();
  const { mutateAsync } = useMutation(useApi().member.invite.mutationOptions());
  const { submit, pending, problem, errorOf } = useSubmit(mutateAsync);
  const [sentTo, setSentTo] = useState<string | null>(null);
  const onSubmit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const element = event.currentTarget;
    const form = new FormData(element);
    setSentTo(null);
    const invitation = await submit({
      email: String(form.get('email')),
      role: String(form.get('role')) as Member['role'],
    });
    if (!invitation) return;
    setSentTo(invitation.email);
    element.reset();
    router.refresh();
  };
  return (
    <form onSubmit={onSubmit} className="grid max-w-2xl gap-4">
      <ProblemCallout problem={problem} />
      {sentTo === null ? null : <Callout title={`Invitation sent to ${sentTo}`} next="It works for seven days." />}
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label="E-mail" error={errorOf('email')}>
          <Input name="email" type="email" autoComplete="off" required />
        </Field>
        <Field label="Role" error={errorOf('role')}>
          <Select name="role" options={ROLES} />
        </Field>
      </div>
      <div>
        <Button type="submit" variant="primary" pending={pending && 'Sending invitation…'}>
          Send invitation
        </Button>
      </div>
    </form>
  );
}
