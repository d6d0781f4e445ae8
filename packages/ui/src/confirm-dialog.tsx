'use client';

import { Slot } from 'radix-ui';
import { type ReactElement, type ReactNode, useId, useState, useTransition } from 'react';
import { Button } from './button.tsx';
import { Callout, type CalloutError } from './callout.tsx';
import { Dialog } from './dialog.tsx';
import { Field } from './field.tsx';
import { Input } from './input.tsx';

export interface ConfirmDialogProps {
  /** The button that asks: `<Button>Revoke key</Button>`. */
  readonly trigger: ReactElement;
  /** Names the thing: `Revoke agent-alpha's key?` */
  readonly title: ReactNode;
  /** The consequence: `agent-alpha stops working in under a second.` */
  readonly consequence: ReactNode;
  /** A verb with its object: `Revoke key`. */
  readonly confirmLabel: string;
  /** While it happens: `Revoking…`. */
  readonly pendingLabel: string;
  /** `primary` where nothing is lost, as when a version is published. */
  readonly tone?: 'danger' | 'primary';
  /** Asked for only where money or access is lost for good. */
  readonly typeToConfirm?: string | undefined;
  /** Returns what went wrong, or nothing. The dialog closes on success and stays open, saying why, on failure. */
  // biome-ignore lint/suspicious/noConfusingVoidType: a function without a return statement is a valid answer
  readonly onConfirm: () => Promise<CalloutError | undefined | void>;
}

/** Asks before something is destroyed or can no longer be changed, in the thing's own name. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { trigger, title, consequence, confirmLabel, pendingLabel, tone = 'danger', typeToConfirm, onConfirm } = props;
  const [open, setOpen] = useState(false);
  const [typed, setTyped] = useState('');
  const [error, setError] = useState<CalloutError>();
  const [pending, startTransition] = useTransition();
  const formId = useId();
  const confirmed = typeToConfirm === undefined || typed.trim() === typeToConfirm;

  const change = (next: boolean) => {
    setOpen(next);
    setTyped('');
    setError(undefined);
  };
  const confirm = () =>
    startTransition(async () => {
      const failure = await onConfirm();
      if (failure) setError(failure);
      else change(false);
    });

  return (
    <>
      <Slot.Root onClick={() => change(true)}>{trigger}</Slot.Root>
      <Dialog
        open={open}
        onOpenChange={change}
        title={title}
        description={consequence}
        footer={
          <>
            <Button onClick={() => change(false)}>Cancel</Button>
            <Button
              form={formId}
              type="submit"
              variant={tone}
              disabled={!confirmed}
              pending={pending ? pendingLabel : false}
            >
              {confirmLabel}
            </Button>
          </>
        }
      >
        <form id={formId} action={confirm} className="space-y-4 empty:hidden">
          {typeToConfirm === undefined ? null : (
            <Field label={<>Type {typeToConfirm} to confirm</>}>
              <Input
                value={typed}
                onChange={(event) => setTyped(event.target.value)}
                autoComplete="off"
                spellCheck={false}
                mono
              />
            </Field>
          )}
          {error ? <Callout tone="error" {...error} /> : null}
        </form>
      </Dialog>
    </>
  );
}
