// A category of real photographs that whoever runs the tests has: MUSC_CATEGORY=FOLDER (test/good, test/TYPE, ground_truth/TYPE).
import assert from 'node:assert/strict';
import { cpSync } from 'node:fs';
import path from 'node:path';
import { PATIENCE } from '../editor.mjs';
import { firstPicture, partsDrawn, readJson, runsOf, scoreByMenu, thumbnailIsDrawn, until } from '../steps.mjs';

const given = process.env.MUSC_CATEGORY;
const percent = (value) => (value * 100).toFixed(1);

/** Hits, misses, false alarms and rightly passed images at the threshold of the best F1. */
function bestF1(defects, good) {
  const at = [...defects, ...good].map(({ score }) => {
    const hit = defects.filter((image) => image.score >= score).length;
    const falseAlarm = good.filter((image) => image.score >= score).length;
    return { f1: (2 * hit) / (defects.length + hit + falseAlarm), hit, falseAlarm };
  });
  const { hit, falseAlarm } = at.reduce((best, one) => (one.f1 > best.f1 ? one : best));
  return [hit, defects.length - hit, falseAlarm, good.length - falseAlarm];
}

export default {
  title: 'category',
  prepare: (workspace) => {
    cpSync(given, path.join(workspace, 'category'), {
      recursive: true,
      filter: (file) => path.basename(file) !== '.musc',
    });
    return workspace;
  },
  cases: !given
    ? []
    : [
        {
          name: 'is scored by right-click; figures, map, truth and threshold are those of its run',
          run: async ({ editor, workspace }) => {
            await scoreByMenu(editor, 'category');
            const first = await firstPicture(editor);
            await thumbnailIsDrawn(editor);
            const run = readJson(runsOf(path.join(workspace, 'category'))[0]);
            const ranked = [...run.images].sort((a, b) => b.score - a.score);
            assert.ok(first?.includes(path.basename(ranked[0].path)), `${first} is ${ranked[0].path}`);
            assert.notEqual(ranked[0].type, 'good');
            const { auroc } = run.metrics.image;
            assert.ok(auroc.value > 0.5, `image AUROC ${auroc.value}`);

            const panel = editor.webview();
            await panel.locator('[role=gridcell][data-rank="1"]').click({ timeout: PATIENCE });
            const [pixels] = await partsDrawn(panel.locator('musc-stage canvas.below'));
            assert.ok(pixels.length > 0);
            await panel.getByRole('tab', { name: 'Metrics' }).click({ timeout: PATIENCE });
            for (const figure of [auroc, run.metrics.pixel.auroc, run.metrics.pixel.ap, run.metrics.pixel.aupro])
              await panel
                .locator('musc-metrics-pane')
                .getByText(percent(figure.value))
                .first()
                .waitFor({ timeout: PATIENCE });
            // at the threshold of the best F1 the matrix has what the scores say
            await panel.locator('musc-threshold select').selectOption('f1max');
            const [defects, good] = [
              run.images.filter(({ type }) => type !== 'good'),
              run.images.filter(({ type }) => type === 'good'),
            ];
            const best = bestF1(defects, good);
            const cells = panel.locator('musc-confusion button b');
            await until(
              async () => (await cells.allInnerTexts()).sort().join() === [...best].map(String).sort().join(),
              `hits, misses, false alarms and correct are ${best.join(', ')}`,
              PATIENCE,
            );
            console.log(
              `       ${run.images.length} images, ${defects.length} with defects: image AUROC ${percent(auroc.value)}, pixel AUROC ${percent(run.metrics.pixel.auroc.value)}, AP ${percent(run.metrics.pixel.ap.value)}, AUPRO ${percent(run.metrics.pixel.aupro.value)}`,
            );
          },
        },
      ],
};
