'use client';

import { Mark } from '../frame/mark.tsx';
import { PageFailure, type PageFailureProps } from '../frame/page-failure.tsx';

export default function ErrorPage(props: PageFailureProps) {
  return (
    <main className="mx-auto grid max-w-xl gap-6 px-4 pt-[10vh]">
      <h1>
        <Mark />
      </h1>
      <PageFailure {...props} />
    </main>
  );
}
