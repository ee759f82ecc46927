// How a run was looked at, when the window comes back. A suite of its own: the view stays as it is left.
import assert from 'node:assert/strict';
import path from 'node:path';
import { PATIENCE } from '../editor.mjs';
import { productFolder } from '../pictures.mjs';
import { comesBack, firstPicture, scoreByMenu } from '../steps.mjs';

export default {
  title: 'view',
  prepare: (workspace) => productFolder(path.join(workspace, 'discs')).then(() => workspace),
  cases: [
    {
      name: 'filter, order, size, pane and image survive a reload',
      run: async ({ editor }) => {
        await scoreByMenu(editor, 'discs');
        await firstPicture(editor);
        const panel = editor.webview();
        const search = panel.getByRole('searchbox', { name: 'Filter by name' });
        const image = panel.locator('[role=gridcell][aria-label*="004.png"]');
        await search.fill('00');
        await panel.locator('#sort').selectOption('name');
        await panel.getByRole('button', { name: 'Large' }).click({ timeout: PATIENCE });
        await panel.getByRole('tab', { name: 'Metrics' }).click({ timeout: PATIENCE });
        await image.click({ timeout: PATIENCE });
        await editor.page.waitForTimeout(PATIENCE / 24); // the host has been told of the view
        await editor.reload();
        await comesBack(editor, image);
        assert.equal(await search.inputValue(), '00');
        assert.equal(await panel.locator('#sort').inputValue(), 'name');
        assert.equal(await panel.getByRole('button', { name: 'Large' }).getAttribute('aria-pressed'), 'true');
        assert.equal(await panel.getByRole('tab', { name: 'Metrics' }).getAttribute('aria-selected'), 'true');
        assert.equal(await image.getAttribute('aria-selected'), 'true');
        assert.equal(await panel.locator('[role=gridcell][aria-label*="odd.png"]').count(), 0);
      },
    },
  ],
};
