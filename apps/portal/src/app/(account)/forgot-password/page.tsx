import { TextLink } from '@tollwright/ui';
import { ForgotPasswordForm } from '../../../account/forgot-password-form.tsx';
import { safeReturnTo } from '../../../account/return-to.ts';
import { AuthFrame } from '../../../frame/auth-frame.tsx';

export const metadata = { title: 'Forgot your password' };

type Props = { readonly searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function ForgotPasswordPage({ searchParams }: Props) {
  const returnTo = safeReturnTo((await searchParams).returnTo, '/console');
  return (
    <AuthFrame
      title="Choose a new password"
      description="We mail you a link that works for one hour."
      footer={<TextLink href={`/sign-in?returnTo=${encodeURIComponent(returnTo)}`}>Back to sign-in</TextLink>}
    >
      <ForgotPasswordForm returnTo={returnTo} />
    </AuthFrame>
  );
}
