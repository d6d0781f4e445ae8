import type { Shot } from '../shot.ts';
import type { Stage } from '../stage.ts';
import { accountShots } from './account.ts';
import { consoleShots } from './console.ts';
import { consoleViewerShots } from './console-viewer.ts';
import { customerShots } from './customer.ts';
import { doorShots } from './door.ts';
import { newOrganizationShots } from './new-organization.ts';
import { policyShots } from './policy.ts';
import { problemShots } from './problem.ts';

/** Every page of the portal, in the states that matter, as each role that sees it differently. */
export function shotsOf(stage: Stage): readonly Shot[] {
  return [
    ...accountShots(stage),
    ...doorShots(stage),
    ...problemShots(stage),
    ...policyShots(stage),
    ...consoleShots(stage),
    ...consoleViewerShots(stage),
    ...customerShots(stage),
    ...newOrganizationShots(stage),
  ];
}
