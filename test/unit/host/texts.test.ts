import { t } from '@vscode/l10n';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { MuscError, toMuscError } from '../../../extension/core/errors';
import { panelPage } from '../../../extension/host/panel-page';
import { pageTexts, textsEnvironment, useTexts } from '../../../extension/host/texts';

const editor = vi.hoisted(() => ({
  l10n: { bundle: undefined as Record<string, string> | undefined, uri: undefined as { fsPath: string } | undefined },
  env: { language: 'en' },
}));
vi.mock('vscode', () => editor);
const page = () => panelPage({ script: 's', source: 'https://host', title: 'run', texts: pageTexts() });

describe("the editor's texts", () => {
  beforeEach(() => {
    editor.l10n.bundle = undefined;
    editor.l10n.uri = undefined;
    editor.env.language = 'de';
  });

  it('are English for all where there is no translation, whatever the language', () => {
    useTexts();
    expect(t('not found')).toBe('not found');
    expect(textsEnvironment()).toEqual({});
    expect(page()).toContain('<html lang="en">');
    expect(page()).not.toContain('musc-texts');
  });

  it('reach the core, the engine and the page', () => {
    editor.l10n.bundle = { 'not found': 'nicht "da"' };
    editor.l10n.uri = { fsPath: '/x/bundle.l10n.de.json' };
    useTexts();
    const error = toMuscError(Object.assign(new Error(), { code: 'ENOENT' }));
    expect(error).toBeInstanceOf(MuscError);
    expect(error.message).toBe('nicht "da"');
    expect(textsEnvironment()).toEqual({ MUSC_TEXTS: '/x/bundle.l10n.de.json' });
    expect(page()).toContain('<html lang="de">');
    expect(page()).toContain('content="{&#34;not found&#34;:&#34;nicht \\&#34;da\\&#34;&#34;}"');
  });
});
