'use client';

import { useRouter } from 'next/navigation';
import { useEffect, useRef, useState, useTransition } from 'react';

const REFRESH_MS = 2_000;
const LOOK_MS = 250;

/** Reads the page's figures again every 2 seconds while somebody looks, and says how old they are. */
export function KeepFresh({ readAt }: { readonly readAt: string }) {
  const router = useRouter();
  const [pending, startTransition] = useTransition();
  const [seconds, setSeconds] = useState(0);
  const begunAt = useRef(0);

  // Counted from the arrival here, so that clocks of server and reader may differ.
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new reading starts the count again
  useEffect(() => {
    setSeconds(0);
    const tick = setInterval(() => setSeconds((before) => before + 1), 1_000);
    return () => clearInterval(tick);
  }, [readAt]);
  useEffect(() => {
    if (pending) return;
    if (begunAt.current === 0) begunAt.current = performance.now();
    // From beginning to beginning: a reading that takes long does not put the next one off as well.
    const timer = setInterval(() => {
      const now = performance.now();
      if (document.visibilityState !== 'visible' || now - begunAt.current < REFRESH_MS) return;
      begunAt.current = now;
      startTransition(() => router.refresh());
    }, LOOK_MS);
    return () => clearInterval(timer);
  }, [router, pending]);

  return (
    <p className="text-sm whitespace-nowrap text-faint tabular" data-read-at={readAt}>
      {seconds < 1 ? 'Updated now' : `Updated ${seconds} s ago`}
    </p>
  );
}
