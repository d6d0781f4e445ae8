'use client';

import { useMutation } from '@tanstack/react-query';
import { Button, Callout, ConfirmDialog, Field, Identifier, Input, KeyValue, Sheet } from '@tollwright/ui';
import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { useApi } from '../../client/api.tsx';
import { attempt } from '../../client/attempt.ts';
import { ProblemCallout } from '../../client/problem-callout.tsx';
import { useSubmit } from '../../client/use-submit.ts';
import type { Wallet } from '../outputs.ts';

/** The key that gives a wallet's tokens back: it can be set and forgotten, and never read. */
export function RefundKeySheet({ wallet, name }: { readonly wallet: Wallet; readonly name: string }) {
  const [open, setOpen] = useState(false);
  const isSet = wallet.refundFrom !== null;
  return (
    <>
      <Button size="sm" variant="quiet" onClick={() => setOpen(true)}>
        Refund key<span className="sr-only"> of the wallet on {name}</span>
      </Button>
      <Sheet
        open={open}
        onOpenChange={setOpen}
        title={`Refund key: ${wallet.tokenName} on ${name}`}
        description="Signs the transfers that give payments back."
      >
        <div className="grid gap-6">
          <KeyValue
            items={[
              { label: 'Refunds come from', value: isSet ? <Identifier value={wallet.refundFrom ?? ''} /> : 'Not set' },
              { label: 'Payments go to', value: <Identifier value={wallet.payTo} /> },
              { label: 'Contract of the token', value: <Identifier value={wallet.asset} /> },
            ]}
          />
          {isSet ? null : (
            <p className="text-base text-muted">
              Without a key nothing can be given back on {name}: payments for calls that were not served wait, marked
              Refunding, until you set one.
            </p>
          )}
          <Callout
            tone="warning"
            title="Use a wallet of its own for refunds, never the one that payments go to"
            why="Whoever has this key can move everything in its wallet. Keep there only what refunds of a few days need."
            next={`It needs ${wallet.tokenName} to give back, and on most networks some of the network's coin for fees.`}
          />
          <RefundKeyForm wallet={wallet} onSaved={() => setOpen(false)} />
          {isSet ? <ForgetRefundKey wallet={wallet} name={name} /> : null}
        </div>
      </Sheet>
    </>
  );
}

function RefundKeyForm({ wallet, onSaved }: { readonly wallet: Wallet; readonly onSaved: () => void }) {
  const router = useRouter();
  const { mutateAsync } = useMutation(useApi().wallet.setRefundKey.mutationOptions());
  const { submit, pending, problem, errorOf } = useSubmit(mutateAsync);
  const onSubmit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const refundKey = String(new FormData(event.currentTarget).get('refundKey')).trim();
    if (!(await submit({ walletId: wallet.id, refundKey }))) return;
    onSaved();
    router.refresh();
  };
  return (
    <form onSubmit={onSubmit} className="grid gap-4">
      <ProblemCallout problem={problem} />
      <Field
        label={wallet.refundFrom === null ? 'Private key' : 'New private key'}
        hint="0x and 64 hex digits. It is sealed before it is stored and never shown again; you will see its address here. To rotate it, set another: transfers that are signed already are still sent."
        error={errorOf('refundKey')}
      >
        <Input name="refundKey" type="password" mono autoComplete="off" placeholder="0x…" required />
      </Field>
      <div>
        <Button type="submit" variant="primary" pending={pending && 'Setting key…'}>
          {wallet.refundFrom === null ? 'Set refund key' : 'Replace refund key'}
        </Button>
      </div>
    </form>
  );
}

function ForgetRefundKey({ wallet, name }: { readonly wallet: Wallet; readonly name: string }) {
  const router = useRouter();
  const { mutateAsync } = useMutation(useApi().wallet.setRefundKey.mutationOptions());
  return (
    <div className="border-t border-line pt-5">
      <ConfirmDialog
        trigger={<Button variant="danger">Forget refund key</Button>}
        title={`Forget the refund key on ${name}?`}
        consequence={`Nothing more is given back in ${wallet.tokenName} on ${name} until you set a key again. The money in its wallet stays yours.`}
        confirmLabel="Forget refund key"
        pendingLabel="Forgetting…"
        onConfirm={() =>
          attempt(async () => {
            await mutateAsync({ walletId: wallet.id, refundKey: null });
            router.refresh();
          })
        }
      />
    </div>
  );
}
