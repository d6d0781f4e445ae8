import type { ReactNode } from 'react';

export interface OwnersOnlyProps {
  readonly mayWrite: boolean;
  /** What owners do here: `add APIs`. */
  readonly can: string;
  readonly children: ReactNode;
}

/** An action for owners; everybody else reads why it is not there. */
export function OwnersOnly({ mayWrite, can, children }: OwnersOnlyProps) {
  return mayWrite ? children : <p className="text-sm text-muted">Only owners can {can}.</p>;
}
