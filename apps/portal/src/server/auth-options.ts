import 'server-only';
import { getUser, signIn } from '@tollwright/services';
import type { NextAuthOptions } from 'next-auth';
import CredentialsProvider from 'next-auth/providers/credentials';
import { portalEnv } from '../env.ts';
import { services } from './services.ts';

const SESSION_SECONDS = 7 * 24 * 3600;

/** Sign-in by e-mail and password. The session is a signed cookie; each use checks that its person still may have it. */
export function authOptions(): NextAuthOptions {
  const env = portalEnv();
  const secure = env.PORTAL_PUBLIC_URL.startsWith('https:');
  return {
    secret: env.NEXTAUTH_SECRET,
    session: { strategy: 'jwt', maxAge: SESSION_SECONDS },
    pages: { signIn: '/sign-in', error: '/sign-in' },
    useSecureCookies: secure,
    cookies: {
      sessionToken: {
        name: secure ? '__Secure-tollwright.session' : 'tollwright.session',
        options: { httpOnly: true, sameSite: 'lax', path: '/', secure },
      },
    },
    providers: [
      CredentialsProvider({
        name: 'E-mail and password',
        credentials: { email: { type: 'email' }, password: { type: 'password' } },
        async authorize(credentials) {
          if (!credentials) return null;
          const result = await signIn(services(), credentials);
          if (result.kind === 'signed-in')
            return { id: result.user.id, email: result.user.email, name: result.user.name };
          throw new Error(result.kind);
        },
      }),
    ],
    callbacks: {
      jwt({ token, user }) {
        if (user) {
          token.sub = user.id;
          token.signedInAtMs = Date.now();
        }
        return token;
      },
      async session({ session, token }) {
        const user = token.sub === undefined ? null : await getUser(services(), token.sub);
        const current = user !== null && Number(token.signedInAtMs ?? 0) >= user.sessionsFromMs;
        return current ? { ...session, user } : { expires: session.expires };
      },
    },
  };
}
