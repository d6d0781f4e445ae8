import type { ReactNode } from 'react';
import { ApiProvider } from '../../../client/api.tsx';

export default function StartLayout({ children }: { readonly children: ReactNode }) {
  return <ApiProvider>{children}</ApiProvider>;
}
