import { iconSvg } from '../../frame/mark.tsx';

export const dynamic = 'force-static';

/** Browsers ask for it where no page names an icon: on failures and on plain documents. */
export function GET(): Response {
  return new Response(iconSvg, { headers: { 'content-type': 'image/svg+xml' } });
}
