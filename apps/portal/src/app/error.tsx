'use client';

import { Link } from '@tollwright/ui';
import { Mark } from '../frame/mark.tsx';
import { PageFailure, type PageFailureProps } from '../frame/page-failure.tsx';

export default function ErrorPage(props: PageFailureProps) {
  return (
    <main className="mx-auto max-w-xl px-4 pt-[10vh] pb-10">
      <Link href="/" className="mb-8 inline-block rounded-sm">
        <Mark />
      </Link>
      <PageFailure {...props} />
    </main>
  );
}
