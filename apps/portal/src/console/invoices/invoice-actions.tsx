'use client';

import { useMutation } from '@tanstack/react-query';
import { NANO_USD_PER_CENT } from '@tollwright/core';
import { Button, ConfirmDialog, Field, formatNanoUsdExact, Input, Money, Section } from '@tollwright/ui';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { useApi } from '../../client/api.tsx';
import { attempt } from '../../client/attempt.ts';
import type { Invoice } from '../../invoice/outputs.ts';
import { nanoUsdOf } from '../../plan/usd.ts';

/** What the provider does with an open invoice: notes its payment, takes a part of it back, gives it up. */
export function InvoiceActions({ invoice }: { readonly invoice: Invoice }) {
  return (
    <Section title="Settle" description="An invoice is changed by these alone; its lines stay as they are.">
      <div className="grid max-w-2xl gap-6">
        <MarkPaid invoice={invoice} />
        <Credit invoice={invoice} />
        <Void invoice={invoice} />
      </div>
    </Section>
  );
}

/** What the provider does with a paid one: notes that some of the money went back. */
export function PaidInvoiceActions({ invoice }: { readonly invoice: Invoice }) {
  return (
    <Section title="Pay back" description="Send the money as you got it, then note it here: a credit note says so.">
      <div className="grid max-w-2xl gap-6">
        <Credit invoice={invoice} />
      </div>
    </Section>
  );
}

interface ActionProps {
  readonly invoice: Invoice;
}

function MarkPaid({ invoice: { id, number, dueNanoUsd } }: ActionProps) {
  const router = useRouter();
  const { mutateAsync } = useMutation(useApi().invoice.pay.mutationOptions());
  const [paidBy, setPaidBy] = useState('');
  return (
    <div className="flex flex-wrap items-start gap-2 max-sm:flex-col">
      <Field label="Paid by" hint="Your customer reads it: Bank transfer of 2 December." className="w-88 max-w-full">
        <Input maxLength={200} value={paidBy} onChange={(event) => setPaidBy(event.target.value)} />
      </Field>
      <ConfirmDialog
        trigger={
          <Button className="sm:mt-6" disabled={paidBy.trim() === ''}>
            Mark as paid
          </Button>
        }
        title={`Mark ${number} as paid?`}
        consequence={
          <>
            The books will say that you got <Money nanoUsd={dueNanoUsd} /> outside of Tollwright. This cannot be undone.
          </>
        }
        confirmLabel="Mark as paid"
        pendingLabel="Noting…"
        onConfirm={() =>
          attempt(async () => {
            await mutateAsync({ invoiceId: id, paidBy });
            router.refresh();
          })
        }
      />
    </div>
  );
}

function Credit({ invoice: { id, number, state, dueNanoUsd, paidNanoUsd } }: ActionProps) {
  const isPaid = state === 'paid';
  const most = isPaid ? paidNanoUsd : dueNanoUsd;
  const router = useRouter();
  const { mutateAsync } = useMutation(useApi().invoice.credit.mutationOptions());
  const [amount, setAmount] = useState('');
  const [reason, setReason] = useState('');
  const [paidBack, setPaidBack] = useState('');
  const nanoUsd = amount.trim() === '' ? null : nanoUsdOf(amount.trim());
  const wrong = wrongAmount(amount, nanoUsd, most, isPaid);
  const isSaid = reason.trim() !== '' && (!isPaid || paidBack.trim() !== '');
  return (
    <div className="flex flex-wrap items-start gap-2 max-sm:flex-col">
      <Field label="Credit" error={wrong} hint="Whole cents." className="w-36">
        <Input inputMode="decimal" suffix="USD" value={amount} onChange={(event) => setAmount(event.target.value)} />
      </Field>
      <Field label="Reason" hint="It stands on the credit note." className="w-64">
        <Input maxLength={200} value={reason} onChange={(event) => setReason(event.target.value)} />
      </Field>
      {isPaid ? (
        <Field label="Paid back by" hint="Your customer reads it: Wire of 3 December." className="w-64">
          <Input maxLength={200} value={paidBack} onChange={(event) => setPaidBack(event.target.value)} />
        </Field>
      ) : null}
      <ConfirmDialog
        trigger={
          <Button className="sm:mt-6" disabled={nanoUsd === null || wrong !== undefined || !isSaid}>
            Issue credit note
          </Button>
        }
        title={`Take ${amount.trim()} USD back of ${number}?`}
        consequence={
          isPaid
            ? 'A numbered credit note says so, and the books that so much went back outside of Tollwright. This cannot be undone.'
            : 'A numbered credit note says so, and so much less is due. This cannot be undone.'
        }
        confirmLabel="Issue credit note"
        pendingLabel="Issuing…"
        onConfirm={() =>
          attempt(async () => {
            const back = isPaid ? { paidBack } : {};
            await mutateAsync({ invoiceId: id, amountNanoUsd: `${nanoUsd}`, reason, ...back });
            setAmount('');
            setReason('');
            setPaidBack('');
            router.refresh();
          })
        }
      />
    </div>
  );
}

function wrongAmount(typed: string, nanoUsd: string | null, most: string, isPaid: boolean): string | undefined {
  if (typed.trim() === '') return undefined;
  if (nanoUsd === null) return 'Write dollars, such as 5 or 0.50.';
  const amount = BigInt(nanoUsd);
  if (amount === 0n || amount % NANO_USD_PER_CENT !== 0n) return 'Write whole cents, above zero.';
  return amount > BigInt(most)
    ? `At most ${formatNanoUsdExact(most)} USD ${isPaid ? 'were paid' : 'are due'}.`
    : undefined;
}

function Void({ invoice: { id, number, dueNanoUsd } }: ActionProps) {
  const router = useRouter();
  const { mutateAsync } = useMutation(useApi().invoice.void.mutationOptions());
  const [reason, setReason] = useState('');
  return (
    <div className="flex flex-wrap items-start gap-2 max-sm:flex-col">
      <Field label="Reason to void" className="w-88 max-w-full">
        <Input maxLength={200} value={reason} onChange={(event) => setReason(event.target.value)} />
      </Field>
      <ConfirmDialog
        trigger={
          <Button variant="danger" className="sm:mt-6" disabled={reason.trim() === ''}>
            Void
          </Button>
        }
        title={`Void ${number}?`}
        consequence={
          <>
            <Money nanoUsd={dueNanoUsd} /> are owed no more, and nothing that it lists comes on a later invoice. Its
            number stays. This cannot be undone.
          </>
        }
        confirmLabel="Void invoice"
        pendingLabel="Voiding…"
        onConfirm={() =>
          attempt(async () => {
            await mutateAsync({ invoiceId: id, reason });
            router.refresh();
          })
        }
      />
    </div>
  );
}
