import type { ReactNode } from 'react';
import { ApiProvider } from '../../client/api.tsx';

export default function AccountLayout({ children }: { readonly children: ReactNode }) {
  return <ApiProvider>{children}</ApiProvider>;
}
