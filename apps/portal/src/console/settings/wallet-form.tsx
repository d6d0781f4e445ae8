'use client';

import { useMutation } from '@tanstack/react-query';
import { Button, Field, Input, Select } from '@tollwright/ui';
import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { useApi } from '../../client/api.tsx';
import { ProblemCallout } from '../../client/problem-callout.tsx';
import { useSubmit } from '../../client/use-submit.ts';
import { NETWORKS } from '../../payments/networks.ts';

/** A choice of transfer methods, as people make it. */
interface Transfers {
  readonly value: string;
  readonly label: string;
  readonly methods?: ('eip3009' | 'permit2')[];
}

const OTHER = 'other';
const TRANSFERS: readonly Transfers[] = [
  { value: 'usual', label: 'By authorization, by use through Permit2' },
  { value: 'both', label: 'Both, whatever the price', methods: ['eip3009', 'permit2'] },
  { value: 'eip3009', label: 'Authorizations only', methods: ['eip3009'] },
  { value: 'permit2', label: 'Permit2 only', methods: ['permit2'] },
];

/** Where payments of strangers go on one network. */
export function WalletForm() {
  const router = useRouter();
  const { mutateAsync } = useMutation(useApi().wallet.set.mutationOptions());
  const { submit, pending, problem, errorOf } = useSubmit(mutateAsync);
  const [choice, setChoice] = useState(NETWORKS[0]?.network ?? OTHER);
  const isTempo = NETWORKS.find(({ network }) => network === choice)?.kind === 'tempo';
  const onSubmit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const element = event.currentTarget;
    const form = new FormData(element);
    const typed = (name: string) => String(form.get(name)).trim();
    const token = {
      asset: typed('asset'),
      name: typed('tokenName'),
      version: typed('tokenVersion'),
      decimals: Number(typed('decimals')),
    };
    const methods = TRANSFERS.find(({ value }) => value === form.get('transfers'))?.methods;
    const saved = await submit({
      network: choice === OTHER ? typed('network') : choice,
      payTo: typed('payTo'),
      ...(choice === OTHER ? { token } : {}),
      ...(methods === undefined || isTempo ? {} : { transferMethods: methods }),
    });
    if (!saved) return;
    element.reset();
    router.refresh();
  };
  return (
    <form onSubmit={onSubmit} className="grid max-w-2xl gap-4">
      <ProblemCallout problem={problem} />
      <Field label="Network" hint="A wallet replaces the one of the same network and token." error={errorOf('network')}>
        <Select
          options={[
            ...NETWORKS.map(({ network, name, token }) => ({ value: network, label: `${token} on ${name}` })),
            { value: OTHER, label: 'Another network or token' },
          ]}
          value={choice}
          onChange={(event) => setChoice(event.target.value)}
        />
      </Field>
      {choice === OTHER ? <TokenFields errorOf={errorOf} /> : null}
      <Field label="Pay to" hint="The address that gets the money. Only you hold its key." error={errorOf('payTo')}>
        <Input name="payTo" mono placeholder="0x…" required />
      </Field>
      {isTempo ? null : (
        <Field
          label="How the token comes"
          hint="Its own authorizations (ERC-3009) need nothing before; MPP pays by them only. For Permit2 a payer allows it once, and prices by use need it."
          error={errorOf('transferMethods')}
        >
          <Select name="transfers" options={TRANSFERS.map(({ value, label }) => ({ value, label }))} />
        </Field>
      )}
      <div>
        <Button type="submit" variant="primary" pending={pending && 'Adding wallet…'}>
          Add wallet
        </Button>
      </div>
    </form>
  );
}

function TokenFields({ errorOf }: { readonly errorOf: (path: string) => string | undefined }) {
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <Field label="Network id" hint="CAIP-2, such as eip155:137." error={errorOf('network')}>
        <Input name="network" mono defaultValue="eip155:" required />
      </Field>
      <Field label="Token contract" error={errorOf('token.asset')}>
        <Input name="asset" mono placeholder="0x…" required />
      </Field>
      <Field label="Token name" hint="As in its EIP-712 domain." error={errorOf('token.name')}>
        <Input name="tokenName" defaultValue="USD Coin" required />
      </Field>
      <div className="grid grid-cols-2 gap-2">
        <Field label="Token version" error={errorOf('token.version')}>
          <Input name="tokenVersion" defaultValue="2" required />
        </Field>
        <Field label="Decimals" error={errorOf('token.decimals')}>
          <Input name="decimals" type="number" min={0} max={18} defaultValue={6} required />
        </Field>
      </div>
    </div>
  );
}
