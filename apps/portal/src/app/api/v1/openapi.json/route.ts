import { openApiDocument } from '@tollwright/api';
import { portalEnv } from '../../../../env.ts';

export const dynamic = 'force-dynamic';

export function GET(): Response {
  return Response.json(openApiDocument(portalEnv().PORTAL_PUBLIC_URL), {
    headers: { 'cache-control': 'public, max-age=60' },
  });
}
