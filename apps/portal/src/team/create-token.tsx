'use client';

import { useMutation } from '@tanstack/react-query';
import { Button, Field, Input, RadioGroup, SecretOnce, Sheet } from '@tollwright/ui';
import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { useApi } from '../client/api.tsx';
import { ProblemCallout } from '../client/problem-callout.tsx';
import { useSubmit } from '../client/use-submit.ts';

export interface CreateTokenProps {
  readonly portalUrl: string;
  readonly tryPath: string;
  readonly writeHint: string;
}

/** A new management token, shown once. */
export function CreateToken({ portalUrl, tryPath, writeHint }: CreateTokenProps) {
  const router = useRouter();
  const { mutateAsync } = useMutation(useApi().token.create.mutationOptions());
  const { submit, pending, problem, errorOf } = useSubmit(mutateAsync);
  const [open, setOpen] = useState(false);
  const [made, setMade] = useState<string | null>(null);
  const change = (next: boolean) => {
    setOpen(next);
    setMade(null);
  };
  const onSubmit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const scopes: ('read' | 'write')[] = form.get('scopes') === 'read' ? ['read'] : ['read', 'write'];
    const answer = await submit({ name: String(form.get('name')), scopes });
    if (!answer) return;
    setMade(answer.token);
    router.refresh();
  };
  return (
    <>
      <Button variant="primary" onClick={() => change(true)}>
        Create token
      </Button>
      <Sheet
        open={open}
        onOpenChange={change}
        title={made === null ? 'New management token' : 'Your new token'}
        description="Whoever has it acts for this organization."
      >
        {made === null ? (
          <form onSubmit={onSubmit} className="grid gap-4">
            <ProblemCallout problem={problem} />
            <Field label="Name" hint="Which program uses it." error={errorOf('name')}>
              <Input name="name" autoComplete="off" required />
            </Field>
            <RadioGroup
              legend="Scopes"
              name="scopes"
              defaultValue="read"
              options={[
                { value: 'read', label: 'Read' },
                { value: 'write', label: 'Read and write', hint: writeHint },
              ]}
            />
            <div>
              <Button type="submit" variant="primary" pending={pending && 'Creating token…'}>
                Create token
              </Button>
            </div>
          </form>
        ) : (
          <SecretOnce
            label="Management token"
            value={made}
            warning="A lost token cannot be shown again: create another and revoke this one."
            tryIt={{
              title: 'Try it',
              code: `curl ${portalUrl}/api/v1${tryPath} \\\n  -H 'Authorization: Bearer ${made}'`,
            }}
            done={<Button onClick={() => change(false)}>I have stored it</Button>}
          />
        )}
      </Sheet>
    </>
  );
}
