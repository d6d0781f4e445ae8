'use client';

import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import type { AppRouter } from '@tollwright/api';
import { createTRPCClient, httpBatchLink } from '@trpc/client';
import { createTRPCContext } from '@trpc/tanstack-react-query';
import { type ReactNode, useState } from 'react';

const { TRPCProvider, useTRPC } = createTRPCContext<AppRouter>();

/** The procedures, typed: `useMutation(useApi().agent.create.mutationOptions())`. Needs an ApiProvider above. */
export const useApi = useTRPC;

export interface ApiProviderProps {
  /** Whom calls speak for: `prv_…`, `prv_…/cus_…`, or nobody on the pages before sign-in. */
  readonly organization?: string;
  readonly children: ReactNode;
}

export function ApiProvider({ organization, children }: ApiProviderProps) {
  const [queryClient] = useState(
    () => new QueryClient({ defaultOptions: { queries: { retry: false, staleTime: 5_000 } } }),
  );
  const [trpcClient] = useState(() =>
    createTRPCClient<AppRouter>({
      links: [
        httpBatchLink({
          url: '/api/trpc',
          headers: organization === undefined ? {} : { 'x-tollwright-organization': organization },
        }),
      ],
    }),
  );
  return (
    <QueryClientProvider client={queryClient}>
      <TRPCProvider trpcClient={trpcClient} queryClient={queryClient}>
        {children}
      </TRPCProvider>
    </QueryClientProvider>
  );
}
