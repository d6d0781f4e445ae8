'use client';

import { Check } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';

/** Beside the button of a form that stays on the page: says that it was saved, until somebody types again. `saves` counts. */
export function Saved({ saves }: { readonly saves: number }) {
  const place = useRef<HTMLParagraphElement>(null);
  const [changedAfter, setChangedAfter] = useState(0);
  useEffect(() => {
    const form = place.current?.closest('form');
    const onInput = () => setChangedAfter(saves);
    form?.addEventListener('input', onInput);
    return () => form?.removeEventListener('input', onInput);
  }, [saves]);
  return (
    <p ref={place} role="status" className="flex items-center gap-1 text-sm text-muted">
      {saves > changedAfter ? (
        <>
          <Check aria-hidden className="size-4 text-green" /> Saved
        </>
      ) : null}
    </p>
  );
}
