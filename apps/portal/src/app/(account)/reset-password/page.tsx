import { ResetPasswordForm } from '../../../account/reset-password-form.tsx';
import { AuthFrame } from '../../../frame/auth-frame.tsx';

export const metadata = { title: 'New password' };

type Props = { readonly searchParams: Promise<{ token?: string }> };

export default async function ResetPasswordPage({ searchParams }: Props) {
  return (
    <AuthFrame title="New password" description="It signs out every other session of yours.">
      <ResetPasswordForm token={(await searchParams).token ?? ''} />
    </AuthFrame>
  );
}
