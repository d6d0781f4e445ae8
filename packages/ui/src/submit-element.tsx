'use client';

import { type ButtonHTMLAttributes, useSyncExternalStore } from 'react';

/**
 * The element of a button that submits. It takes presses only once the form's own code runs: before, the browser would
 * send the form itself and put every field, a password too, into the address.
 */
export function SubmitElement({ disabled, style, ...props }: ButtonHTMLAttributes<HTMLButtonElement>) {
  const running = useSyncExternalStore(
    noSubscription,
    () => true,
    () => false,
  );
  // Looks as it will in a moment, so that nothing flickers.
  const shown = running || disabled ? style : { ...style, opacity: 1 };
  return <button {...props} style={shown} disabled={disabled || !running} />;
}

function noSubscription(): () => void {
  return () => undefined;
}
