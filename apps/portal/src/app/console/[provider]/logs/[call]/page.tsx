import { consolePage } from '../../../../../console/console-page.ts';
import { Explanation } from '../../../../../logs/explanation.tsx';
import { found } from '../../../../../server/found.ts';

export const metadata = { title: 'Why this call was answered so' };

type Props = { readonly params: Promise<{ provider: string; call: string }> };

/** One call explained. */
export default async function ExplainPage({ params }: Props) {
  const { api, base } = await consolePage(params);
  const { call } = await params;
  const trace = await found(api.trace.get({ traceId: decodeURIComponent(call) }));
  const { id, customerId, agentId, isForwarded } = trace;
  return (
    <Explanation
      trace={trace}
      logsHref={`${base}/logs`}
      callHref={isForwarded ? `${base}/usage?view=calls&call=${encodeURIComponent(id)}` : null}
      links={{
        customerHref: customerId === null ? undefined : `${base}/customers/${customerId}`,
        agentHref: agentId === null ? undefined : `${base}/logs?agent=${agentId}`,
      }}
    />
  );
}
