import { PROBLEM_SLUGS, PROBLEMS } from '@tollwright/core';
import { Link, TextLink } from '@tollwright/ui';
import { notFound } from 'next/navigation';
import { Mark } from '../../../frame/mark.tsx';
import { Prose } from '../../../frame/prose.tsx';
import { isProblemSlug, problemPage } from '../../../server/problem-page.ts';

type Props = { readonly params: Promise<{ slug: string }> };

export const dynamicParams = false;

export function generateStaticParams(): { slug: string }[] {
  return PROBLEM_SLUGS.map((slug) => ({ slug }));
}

export async function generateMetadata({ params }: Props) {
  const { slug } = await params;
  return { title: isProblemSlug(slug) ? PROBLEMS[slug].title : 'Unknown problem' };
}

/** Where the `type` of a problem leads. */
export default async function ProblemPage({ params }: Props) {
  const { slug } = await params;
  if (!isProblemSlug(slug)) notFound();
  return (
    <main className="mx-auto max-w-2xl px-4 py-12 sm:px-8">
      <Link href="/" className="mb-8 inline-block rounded-sm">
        <Mark />
      </Link>
      <p className="mb-3 text-sm text-muted">
        <TextLink href="/problems">All problem types</TextLink>
      </p>
      <Prose markdown={await problemPage(slug)} />
    </main>
  );
}
