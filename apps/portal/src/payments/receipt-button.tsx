'use client';

import { useQueryClient } from '@tanstack/react-query';
import { Button, Callout } from '@tollwright/ui';
import { Download } from 'lucide-react';
import { useApi } from '../client/api.tsx';
import { useSubmit } from '../client/use-submit.ts';
import { saveJson } from './save-json.ts';

export interface ReceiptButtonProps {
  readonly paymentId: string;
  readonly label?: string;
}

/** Saves a payment's receipt as it was signed just now. */
export function ReceiptButton({ paymentId, label = 'Download signed receipt' }: ReceiptButtonProps) {
  const api = useApi();
  const client = useQueryClient();
  const { submit, pending, problem } = useSubmit((id: string) =>
    client.fetchQuery(api.payment.receipt.queryOptions({ paymentId: id })),
  );
  const save = async () => {
    const receipt = await submit(paymentId);
    if (receipt !== undefined) saveJson(`receipt-${paymentId}`, receipt);
  };
  return (
    <>
      <Button size="sm" onClick={save} pending={pending && 'Signing…'}>
        <Download aria-hidden />
        {label}
      </Button>
      {problem ? <Callout tone="error" title={problem.title} why={problem.detail} className="mt-3" /> : null}
    </>
  );
}
