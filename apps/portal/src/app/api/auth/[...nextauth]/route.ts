import NextAuth from 'next-auth';
import { authOptions } from '../../../../server/auth-options.ts';
import { isOwnHost } from '../../../../server/host.ts';

type Context = { params: Promise<{ nextauth: string[] }> };

async function handle(request: Request, context: Context): Promise<Response> {
  if (!isOwnHost(request.headers.get('host')))
    return new Response('This portal does not answer to that host.\n', { status: 421 });
  return NextAuth(authOptions())(request, context);
}

export { handle as GET, handle as POST };
