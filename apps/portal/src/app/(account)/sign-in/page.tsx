import { TextLink } from '@tollwright/ui';
import { safeReturnTo } from '../../../account/return-to.ts';
import { SignInForm } from '../../../account/sign-in-form.tsx';
import { AuthFrame } from '../../../frame/auth-frame.tsx';

export const metadata = { title: 'Sign in' };

type Props = { readonly searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function SignInPage({ searchParams }: Props) {
  const returnTo = safeReturnTo((await searchParams).returnTo, '/console');
  return (
    <AuthFrame
      title="Sign in"
      description="To the console where you sell and watch your APIs."
      footer={
        <>
          No account yet? <TextLink href="/sign-up">Sign up</TextLink> ·{' '}
          <TextLink href="/forgot-password">Forgot your password?</TextLink>
        </>
      }
    >
      <SignInForm returnTo={returnTo} />
    </AuthFrame>
  );
}
