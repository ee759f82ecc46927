import * as l10n from '@vscode/l10n';
import { imageFigures, rankedCounts, type Figure } from './curve';
import { DEFECT, GOOD, NONE, type Against, type Table } from './table';

/** A row of the per-type table: what of it does not follow the threshold. */
export interface TypeRow {
  readonly type: string;
  /** Of its images, ascending: what a threshold flags is counted in them. */
  readonly scores: Float64Array;
  readonly meanScore: number;
  /** This type's defects against all good images; absent for a type without defects. */
  readonly auroc: Figure;
  readonly ap: Figure;
}

/** One row per type, in the table's order. Classes: NONE, GOOD or DEFECT per image, `against` truth or labels. */
export function typeRows(table: Table, classes: Int8Array, against: Against): TypeRow[] {
  const absent =
    against === 'truth' ? l10n.t('no defect of this type') : l10n.t('no image of this type is labelled defect');
  const none: Figure = { absent };
  return table.types.map((type) => {
    const own = table.type.map((t) => t === type);
    const defects = own.some((o, i) => o && classes[i] === DEFECT);
    const subset = classes.map((c, i) => (own[i] && c === DEFECT ? DEFECT : c === GOOD ? GOOD : NONE));
    const scores = table.score.filter((_, i) => own[i]).sort();
    const figures = defects
      ? imageFigures(rankedCounts(table.score, table.ranking, subset))
      : { auroc: none, ap: none };
    return {
      type,
      scores,
      meanScore: scores.reduce((a, b) => a + b, 0) / Math.max(1, scores.length),
      auroc: figures.auroc,
      ap: figures.ap,
    };
  });
}
