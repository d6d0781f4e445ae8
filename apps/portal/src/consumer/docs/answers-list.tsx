import { Badge, Link } from '@tollwright/ui';
import { callAnswers, RESPONSE_HEADERS } from './answers.ts';

/** Statuses other than the API's own, each leading to its page. */
export function AnswersList() {
  return (
    <ul aria-label="Refusals and failures of a call" className="divide-y divide-line border-y border-line text-sm">
      {callAnswers().map(({ slug, status, title, hint, retryable }) => (
        <li key={slug} className="grid gap-x-6 gap-y-0.5 py-2 sm:grid-cols-[16rem_1fr]">
          <p className="flex items-baseline gap-2.5">
            <Badge>{status}</Badge>
            <Link href={`/problems/${slug}`} className="rounded-sm font-mono text-xs text-link hover:underline">
              {slug}
            </Link>
          </p>
          <p className="text-muted">
            <span className="text-ink">{title}.</span> {hint}
            {retryable ? ' May be sent again unchanged.' : ''}
          </p>
        </li>
      ))}
    </ul>
  );
}

/** Headers that the gateway adds to answers. */
export function HeadersList() {
  return (
    <ul aria-label="Response headers" className="divide-y divide-line border-y border-line text-sm">
      {RESPONSE_HEADERS.map(({ name, on, says }) => (
        <li key={name} className="grid gap-x-6 gap-y-0.5 py-2 sm:grid-cols-[16rem_1fr]">
          <p className="font-mono text-xs leading-5 text-ink">{name}</p>
          <p className="text-muted">
            <span className="text-ink">{on}.</span> {says}
          </p>
        </li>
      ))}
    </ul>
  );
}
