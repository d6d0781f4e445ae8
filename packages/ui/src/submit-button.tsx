'use client';

import { useFormStatus } from 'react-dom';
import { Button, type ButtonProps } from './button.tsx';

/** The button of a form with a server action: says what is happening while the form is on its way. */
export function SubmitButton({
  pendingLabel,
  ...props
}: Omit<ButtonProps, 'pending' | 'type'> & { readonly pendingLabel: string }) {
  const { pending } = useFormStatus();
  return <Button variant="primary" {...props} type="submit" pending={pending ? pendingLabel : false} />;
}
