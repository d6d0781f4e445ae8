interface Joined {
  readonly providerId: string;
  readonly customerId: string | null;
}

interface Places {
  readonly providers: readonly { readonly id: string; readonly slug: string }[];
  readonly customers: readonly { readonly id: string; readonly provider: { readonly slug: string } }[];
}

/** The first page of the organization that a person has just joined. */
export function joinedPath({ providerId, customerId }: Joined, { providers, customers }: Places): string {
  const customer = customers.find(({ id }) => id === customerId);
  if (customer) return `/p/${customer.provider.slug}/${customer.id}`;
  const provider = providers.find(({ id }) => id === providerId);
  return provider && customerId === null ? `/console/${provider.slug}` : '/console';
}
