import { type PortalParams, portalPage } from '../../../../../../consumer/portal-page.ts';
import { Explanation } from '../../../../../../logs/explanation.tsx';
import { found } from '../../../../../../server/found.ts';

export const metadata = { title: 'Why this call was answered so' };

type Props = { readonly params: Promise<PortalParams & { readonly call: string }> };

/** One call of an owner explained. */
export default async function CustomerExplainPage({ params }: Props) {
  const { api, base } = await portalPage(params);
  const { call } = await params;
  const trace = await found(api.trace.get({ traceId: decodeURIComponent(call) }));
  const { id, agentId, isForwarded } = trace;
  return (
    <Explanation
      trace={trace}
      logsHref={`${base}/logs`}
      callHref={isForwarded ? `${base}/usage?call=${encodeURIComponent(id)}` : null}
      links={{ agentHref: agentId === null ? undefined : `${base}/agents/${agentId}` }}
    />
  );
}
