import { config } from '@vscode/l10n';
import { env, l10n } from 'vscode';
import type { PageTexts } from './panel-page';

/** The editor's translated texts, for rooms that know nothing of the editor. None for English, nor for a language that has none. */
export function useTexts(): void {
  if (l10n.bundle) config({ contents: l10n.bundle });
}

/** The same for a page: its language and its texts. */
export const pageTexts = (): PageTexts | undefined => l10n.bundle && { language: env.language, bundle: l10n.bundle };

/** The same for a process of ours. */
export const textsEnvironment = (): Record<string, string> => (l10n.uri ? { MUSC_TEXTS: l10n.uri.fsPath } : {});
