import type { FuzzTarget } from './target';
import { dataTargets } from './targets/data';
import { documentTargets } from './targets/documents';
import { messageTargets } from './targets/messages';
import { networkTargets } from './targets/networks';
import { pictureTargets } from './targets/pictures';
import { tableTargets } from './targets/tables';

/** Every parser of ours. */
export const TARGETS: readonly FuzzTarget[] = [
  ...pictureTargets,
  ...dataTargets,
  ...networkTargets,
  ...documentTargets,
  ...tableTargets,
  ...messageTargets,
];
