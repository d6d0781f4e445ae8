import { VerifyEmail } from '../../../account/verify-email.tsx';
import { AuthFrame } from '../../../frame/auth-frame.tsx';

export const metadata = { title: 'Confirm your address' };

type Props = { readonly searchParams: Promise<{ token?: string }> };

export default async function VerifyEmailPage({ searchParams }: Props) {
  return (
    <AuthFrame title="Confirm your address" description="One press, and your account is ready.">
      <VerifyEmail token={(await searchParams).token ?? ''} />
    </AuthFrame>
  );
}
