// A workspace that is on no disk: nothing is offered there, and the editor says why.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { PATIENCE } from '../editor.mjs';
import { productFolder } from '../pictures.mjs';
import { until } from '../steps.mjs';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const reason = JSON.parse(readFileSync(path.join(root, 'package.nls.json'), 'utf8'))['capability.virtual'];

export default {
  title: 'virtual workspace',
  prepare: (workspace) => productFolder(path.join(workspace, 'discs'), { count: 1 }).then(() => workspace),
  cases: [
    {
      name: 'scoring is not offered, and the extension says why',
      run: async ({ server }) => {
        const editor = await server.open('memory:/pictures'); // nothing provides it, which matters to nobody here
        await editor.file('pictures').waitFor({ timeout: PATIENCE });
        await until(async () => {
          const rows = await editor.palette('MuSc: ');
          await editor.page.keyboard.press('Escape');
          return !rows.some((title) => title.startsWith('MuSc: '));
        }, 'nothing of ours is offered');
        await editor.command('Extensions: Show Installed Extensions');
        await editor.page
          .locator('.extensions-list .monaco-list-row')
          .filter({ hasText: 'MuSc Inspector' })
          .first()
          .click({ timeout: PATIENCE });
        await editor.page.locator('.extension-editor').getByText(reason).first().waitFor({ timeout: PATIENCE });
        await editor.close();
      },
    },
  ],
};
