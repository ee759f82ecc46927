// A workspace that is not trusted: runs can be looked at, nothing is scored, and the reason is said.
import path from 'node:path';
import { PATIENCE } from '../editor.mjs';
import { productFolder } from '../pictures.mjs';
import { until } from '../steps.mjs';

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
        await until(async () => {
          const rows = await editor.palette('MuSc: ');
          await editor.page.keyboard.press('Escape');
          return !rows.includes('MuSc: Score Folder...') && rows.includes('MuSc: Show Log');
        }, 'scoring is not offered, the rest is');
      },
    },
  ],
};
