'use client';

import { useMutation } from '@tanstack/react-query';
import { Button, Callout, ConfirmDialog, Field, formatNanoUsdExact, Input, Money, TextLink } from '@tollwright/ui';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { useApi } from '../../client/api.tsx';
import { attempt } from '../../client/attempt.ts';
import { networkName } from '../../payments/networks.ts';
import type { PaymentInFull } from '../outputs.ts';
import { refundAmount } from './refund-amount.ts';

export interface RefundFormProps {
  readonly payment: PaymentInFull;
  readonly refundable: NonNullable<PaymentInFull['refundable']>;
  readonly base: string;
}

/** Gives a payment back by hand, or a part of it. */
export function RefundForm({ payment, refundable, base }: RefundFormProps) {
  const router = useRouter();
  const { mutateAsync } = useMutation(useApi().payment.refund.mutationOptions());
  const all = formatNanoUsdExact(refundable.amountNanoUsd);
  const [typed, setTyped] = useState<string>();
  const [reason, setReason] = useState('');
  const amount = typed ?? all;
  const read = refundAmount(amount, refundable);
  const payee = payment.payer === '' ? 'the card that paid' : payment.payer;
  const refund = (amountAtomic: string) =>
    attempt(async () => {
      await mutateAsync({ paymentId: payment.id, amountAtomic, reason });
      setTyped(undefined);
      setReason('');
      router.refresh();
    });
  const isReady = read.kind === 'amount' && reason.trim() !== '';
  return (
    <section className="grid gap-4">
      <div>
        <h3 className="font-medium text-ink">Give back</h3>
        <p className="mt-0.5 text-sm text-muted">
          <Money nanoUsd={refundable.amountNanoUsd} /> are left of this payment.
        </p>
      </div>
      {refundable.hasKey ? null : <NoKey payment={payment} base={base} />}
      <div className="grid gap-4 sm:grid-cols-[9rem_1fr]">
        <Field label="Amount in USD" error={read.kind === 'wrong' ? read.error : undefined}>
          <Input
            value={amount}
            onChange={(event) => setTyped(event.target.value)}
            inputMode="decimal"
            autoComplete="off"
            className="text-right tabular"
          />
        </Field>
        <Field label="Reason" hint="Kept with the refund and in the audit log.">
          <Input value={reason} onChange={(event) => setReason(event.target.value)} maxLength={200} />
        </Field>
      </div>
      <div>
        <ConfirmDialog
          trigger={<Button disabled={!isReady}>Give back {amount} USD</Button>}
          title={`Give back ${amount} USD?`}
          consequence={
            <>
              It goes from {payment.rail === 'stripe' ? 'your Stripe balance' : 'your refund wallet'} to{' '}
              <span className="font-mono text-xs break-all">{payee}</span> and cannot be called back. Network fees are
              yours.
            </>
          }
          confirmLabel={`Give back ${amount} USD`}
          pendingLabel="Planning…"
          onConfirm={() => refund(read.kind === 'amount' ? read.amountAtomic : '')}
        />
      </div>
    </section>
  );
}

function NoKey({ payment, base }: Pick<RefundFormProps, 'payment' | 'base'>) {
  const [where, tab] = payment.rail === 'stripe' ? ['Stripe', 'stripe'] : [networkName(payment.network), 'wallets'];
  return (
    <Callout
      tone="warning"
      title={`There is no key that gives money back on ${where}`}
      why="A refund that you ask for now waits, marked Planned, until there is one."
      next={<TextLink href={`${base}/settings?tab=${tab}`}>Set it in Settings</TextLink>}
    />
  );
}
