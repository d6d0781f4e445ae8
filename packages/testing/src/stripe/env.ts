/** What a child process running the double of Stripe is told. */
export function stripeDoubleEnv(): { port: number; webhookUrl?: string; webhookSecret?: string } {
  const { PORT, STRIPE_WEBHOOK_URL, STRIPE_WEBHOOK_SECRET } = process.env;
  if (PORT === undefined) throw new Error('PORT must be set');
  if (STRIPE_WEBHOOK_URL === undefined) return { port: Number(PORT) };
  if (STRIPE_WEBHOOK_SECRET === undefined) throw new Error('STRIPE_WEBHOOK_SECRET must be set');
  return { port: Number(PORT), webhookUrl: STRIPE_WEBHOOK_URL, webhookSecret: STRIPE_WEBHOOK_SECRET };
}
