import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { MuscError } from '../../errors';
import type { RegistryEntry } from '../registry-schema';

/** Where the registry's weights are downloaded from, unless a mirror is set. */
export const DEFAULT_HUB = 'https://huggingface.co';

/** A registry entry whose weights lie on a hub. */
export type HubSource = Extract<RegistryEntry['source'], { kind: 'hub' }>;

/**
 * Address of a file: `BASE/REPOSITORY/resolve/REVISION/FILE`, as the hub and its mirrors have it.
 * Throws SETTING_INVALID for a mirror that is no http or https address.
 */
export function hubAddress(source: HubSource, mirror?: string): URL {
  const base = mirror?.trim() || DEFAULT_HUB;
  if (!isHub(base))
    throw new MuscError(
      'SETTING_INVALID',
      l10n.t('the mirror {0} is not an http or https address', JSON.stringify(base)),
      {
        hint: l10n.t('for example {0}', DEFAULT_HUB),
      },
    );
  const url = new URL(base);
  const parts = [...source.repository.split('/'), 'resolve', ...source.revision.split('/'), ...source.file.split('/')];
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/${parts.map(encodeURIComponent).join('/')}`;
  return url;
}

/** Whether a hub or mirror can have this address. */
export const isHub = (address: string): boolean => URL.canParse(address) && /^https?:$/.test(new URL(address).protocol);

/** Where an entry's weights lie once installed, and where a file downloaded by hand must be put: `MODELS/ID/FILE`. */
export const weightsPath = (models: string, entry: RegistryEntry): string =>
  path.join(path.resolve(models), entry.id, path.posix.basename(entry.source.file));
