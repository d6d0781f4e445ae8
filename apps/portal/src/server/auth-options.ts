import 'server-only';
import { signIn } from '@tollwright/services';
import type { NextAuthOptions } from 'next-auth';
import CredentialsProvider from 'next-auth/providers/credentials';
import { portalEnv } from '../env.ts';
import { services } from './services.ts';

const SESSION_SECONDS = 7 * 24 * 3600;

/**
 * Sign-in by e-mail and password. The session is a signed cookie that says who and since when; `currentUser` checks at
 * each use that the person still may have it, since an error in a callback here would count as signed out.
 */
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
      session({ session: { expires }, token }) {
        return { expires, userId: token.sub, signedInAtMs: Number(token.signedInAtMs ?? 0) };
      },
    },
  };
}
