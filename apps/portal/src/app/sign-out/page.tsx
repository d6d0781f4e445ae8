import { safeReturnTo } from '../../account/return-to.ts';
import { SignOut } from '../../account/sign-out.tsx';
import { AuthFrame } from '../../frame/auth-frame.tsx';

export const metadata = { title: 'Sign out' };

type Props = { readonly searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function SignOutPage({ searchParams }: Props) {
  return (
    <AuthFrame title="Sign out" description="Your agents and their keys go on working.">
      <SignOut returnTo={safeReturnTo((await searchParams).returnTo, '/sign-in')} />
    </AuthFrame>
  );
}
