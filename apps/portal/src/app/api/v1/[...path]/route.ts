import { handleRest } from '@tollwright/api';
import { tokenContext } from '../../../../server/api-context.ts';

async function handle(request: Request): Promise<Response> {
  return handleRest(request, await tokenContext(request));
}

export { handle as DELETE, handle as GET, handle as PATCH, handle as POST, handle as PUT };
