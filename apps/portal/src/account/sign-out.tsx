'use client';

import { Button } from '@tollwright/ui';
import { signOut } from 'next-auth/react';

export function SignOut({ returnTo }: { readonly returnTo: string }) {
  return (
    <Button variant="primary" size="lg" className="w-full" onClick={() => signOut({ callbackUrl: returnTo })}>
      Sign out
    </Button>
  );
}
