import { POLICY_TYPES, policyTypeOf } from '@tollwright/policies';
import { Link, TextLink } from '@tollwright/ui';
import { notFound } from 'next/navigation';
import { Mark } from '../../../frame/mark.tsx';
import { Prose } from '../../../frame/prose.tsx';
import { policyPage } from '../../../server/policy-page.ts';

type Props = { readonly params: Promise<{ type: string }> };

export const dynamicParams = false;

export function generateStaticParams(): { type: string }[] {
  return POLICY_TYPES.map(({ type }) => ({ type }));
}

export async function generateMetadata({ params }: Props) {
  const { type } = await params;
  return { title: policyTypeOf(type)?.title ?? 'Unknown policy' };
}

/** How one type of policy works, as its folder says. */
export default async function PolicyPage({ params }: Props) {
  const { type } = await params;
  const found = policyTypeOf(type);
  if (found === undefined) notFound();
  return (
    <main className="mx-auto max-w-3xl px-4 py-12 sm:px-8">
      <Link href="/" className="mb-8 inline-block rounded-sm">
        <Mark />
      </Link>
      <p className="mb-3 text-sm text-muted">
        <TextLink href="/policies">All policies</TextLink>
      </p>
      <Prose markdown={await policyPage(found)} />
    </main>
  );
}
