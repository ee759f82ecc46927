import { config } from '@vscode/l10n';

/**
 * Texts in the editor's language, from the file that it names for its processes and their threads. Every entry imports this
 * before all that has texts.
 */
const file = process.env.MUSC_TEXTS;
try {
  if (file) config({ fsPath: file });
} catch {
  // Without them all is in English.
}
