import * as l10n from '@vscode/l10n';
import { MuscError } from '../../errors';
import { csvText } from './csv';
import { labelsCoco } from './coco';
import type { ExportJob } from './export-job';
import { pictureRows } from './picture-rows';

/** Reviewers' labels of all pictures: CSV or JSON by the file's name (`as` decides otherwise), or COCO. */
export function labelsText(job: ExportJob, file: string): string {
  const as = job.options.as ?? (/\.csv$/i.test(file) ? 'csv' : /\.json$/i.test(file) ? 'json' : undefined);
  const rows = pictureRows(job).sort((a, b) => a.index - b.index);
  switch (as) {
    case 'csv':
      return csvText([['path', 'label', 'truth', 'score'], ...rows.map((r) => [r.path, r.label, r.truth, r.score])]);
    case 'json':
      return `${JSON.stringify(
        rows.map(({ path, label, truth, score }) => ({ path, label, truth, score })),
        null,
        1,
      )}\n`;
    case 'coco':
      return labelsCoco(job);
    case undefined:
      throw new MuscError('USAGE', l10n.t('the kind of label file is not clear'), {
        where: file,
        hint: l10n.t('name it .csv or .json, or say as: csv, json or coco'),
      });
  }
}
