import { appRouter } from '@tollwright/api';
import { fetchRequestHandler } from '@trpc/server/adapters/fetch';
import { ORGANIZATION_HEADER, organizationOf, sessionContext } from '../../../../server/api-context.ts';
import { isOwnHost } from '../../../../server/host.ts';

async function handle(request: Request): Promise<Response> {
  if (!isOwnHost(request.headers.get('host')) || !sameOrigin(request)) {
    return new Response('The portal takes requests of its own pages only.\n', { status: 403 });
  }
  return fetchRequestHandler({
    endpoint: '/api/trpc',
    req: request,
    router: appRouter,
    createContext: () => sessionContext(organizationOf(request.headers.get(ORGANIZATION_HEADER))),
    onError: ({ error, path, ctx }) => {
      if (error.code === 'INTERNAL_SERVER_ERROR') ctx?.services.onError(`trpc ${path}`, error.cause ?? error);
    },
  });
}

/** Browsers send Origin with every POST; another site's page must not act with this one's cookie. */
function sameOrigin(request: Request): boolean {
  const origin = request.headers.get('origin');
  return origin === null || URL.parse(origin)?.host === request.headers.get('host');
}

export { handle as GET, handle as POST };
