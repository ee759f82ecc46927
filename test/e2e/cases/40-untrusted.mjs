// A workspace that is not trusted: runs can be looked at, nothing is scored, and the reason is said.
import assert from 'node:assert/strict';
import path from 'node:path';
import { PATIENCE } from '../editor.mjs';
import { productFolder } from '../pictures.mjs';

export default {
  title: 'untrusted',
  server: { trust: 'ask', settings: { 'security.workspace.trust.startupPrompt': 'always' } },
  prepare: (workspace) => productFolder(path.join(workspace, 'discs')).then(() => workspace),
  cases: [
    {
      name: 'scoring is not offered, and the runs view says why',
      run: async ({ editor }) => {
        const dialog = editor.page.locator('.monaco-dialog-box');
        await dialog.waitFor({ timeout: PATIENCE });
        await dialog.locator('.monaco-button').filter({ hasText: /^No/ }).first().click();
        await editor.showViews();
        await editor.page
          .locator('.sidebar')
          .getByText('This workspace is not trusted')
          .first()
          .waitFor({ timeout: PATIENCE });
        const rows = await editor.palette('MuSc: ');
        assert.ok(!rows.includes('MuSc: Score Folder...'), 'scoring is not offered');
        assert.ok(rows.includes('MuSc: Show Log'), 'the rest is');
      },
    },
  ],
};
