import { classNames } from './class-names.ts';

const TONES: Readonly<Record<string, string>> = {
  GET: 'text-link',
  HEAD: 'text-link',
  POST: 'text-green',
  PUT: 'text-amber',
  PATCH: 'text-amber',
  DELETE: 'text-red',
};

/** An HTTP method in fixed pitch and fixed width, so that paths beside it line up. */
export function MethodBadge({ method, className }: { readonly method: string; readonly className?: string }) {
  const name = method.toUpperCase();
  return (
    <span
      className={classNames(
        'inline-block w-14 shrink-0 text-left font-mono text-xs font-medium',
        TONES[name] ?? 'text-muted',
        className,
      )}
    >
      {name}
    </span>
  );
}
