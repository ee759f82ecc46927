import { config } from '@vscode/l10n';

/** Texts in the editor's language, which the page brings where there are any; all is in English without. Imported before all that has texts. */
const texts = document.querySelector<HTMLMetaElement>('meta[name="musc-texts"]')?.content;
if (texts) config({ contents: texts });
