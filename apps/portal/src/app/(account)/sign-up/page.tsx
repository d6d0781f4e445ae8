import { TextLink } from '@tollwright/ui';
import { safeReturnTo } from '../../../account/return-to.ts';
import { SignUpForm } from '../../../account/sign-up-form.tsx';
import { AuthFrame } from '../../../frame/auth-frame.tsx';

export const metadata = { title: 'Sign up' };

type Props = { readonly searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function SignUpPage({ searchParams }: Props) {
  return (
    <AuthFrame
      title="Create your account"
      description="Put a price on an API and let agents pay for it."
      footer={
        <>
          Have an account? <TextLink href="/sign-in">Sign in</TextLink>
        </>
      }
    >
      <SignUpForm returnTo={safeReturnTo((await searchParams).returnTo, '/console')} />
    </AuthFrame>
  );
}
