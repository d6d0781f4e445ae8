import type { ReactNode } from 'react';
import { ApiProvider } from '../../../../client/api.tsx';

export default function DoorLayout({ children }: { readonly children: ReactNode }) {
  return <ApiProvider>{children}</ApiProvider>;
}
