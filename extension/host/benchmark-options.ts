import { l10n, type QuickPickItem, type Uri, window } from 'vscode';
import { MuscError } from '../core/errors';
import { benchKey } from '../core/pipeline/bench-key';
import type { Protocol } from '../core/settings';
import type { EngineResults } from '../protocol/engine';
import { ageText } from './age';
import type { EngineProcess } from './engine-process';
import { type LastBenchmark, lastBenchmark } from './last-benchmark';
import type { BenchOverrides } from './scoring';
import { benchRequestFor, settingsFor } from './settings';

type Categories = EngineResults['categories'];

const LAYOUT_NAMES: Readonly<Record<Categories['layout'], string>> = {
  folder: '',
  mvtec: 'MVTec AD',
  visa: 'VisA',
  btad: 'BTAD',
};

/**
 * Asks for categories, protocol, and whether to go on with an unfinished benchmark. Undefined: the user left.
 * Throws DATASET_UNCLEAR where the folder is no data set with categories.
 */
export async function askBenchmark(engine: EngineProcess, root: Uri): Promise<BenchOverrides | undefined> {
  const found = await engine.call('categories', { folder: root.fsPath, layout: settingsFor(root).layout });
  if (found.categories.length === 0 || found.layout === 'folder')
    throw new MuscError('DATASET_UNCLEAR', l10n.t('this is no data set with categories and ground truth'), {
      where: root.fsPath,
      hint: l10n.t('choose the root of MVTec AD, VisA or BTAD, or of a data set of that shape'),
    });
  const categories = await askCategories(found);
  if (!categories) return undefined;
  const protocol = await askProtocol();
  if (!protocol) return undefined;
  const request = await benchRequestFor(root, { protocol });
  const last = await lastBenchmark(
    { root: root.fsPath, layout: found.layout },
    request.out,
    benchKey(request),
    categories,
  );
  const resume = await whetherToResume(last, categories.length);
  if (resume === undefined) return undefined;
  const all = categories.length === found.categories.length;
  return { ...(all ? {} : { categories }), protocol, resume };
}

async function askCategories({ layout, categories, missing }: Categories): Promise<string[] | undefined> {
  if (categories.length === 1) return [categories[0].name];
  const items = categories.map(({ name, images, expected }): QuickPickItem => {
    const complete = expected === null || expected === images;
    return {
      label: name,
      description: complete ? l10n.t('{0} pictures', images) : l10n.t('{0} of {1} pictures', images, expected),
      picked: true,
    };
  });
  const chosen = await window.showQuickPick(items, {
    title:
      missing.length > 0
        ? l10n.t('Run Benchmark: {0}, without {1}', LAYOUT_NAMES[layout], missing.join(', '))
        : l10n.t('Run Benchmark: {0}', LAYOUT_NAMES[layout]),
    placeHolder: l10n.t('Which categories?'),
    canPickMany: true,
    ignoreFocusOut: true,
  });
  return chosen && chosen.length > 0 ? chosen.map(({ label }) => label) : undefined;
}

async function askProtocol(): Promise<Protocol | undefined> {
  const items: (QuickPickItem & { value: Protocol })[] = [
    {
      label: 'reference',
      description: l10n.t("the paper's code bit for bit, for comparing figures"),
      value: 'reference',
    },
    { label: 'exact', description: l10n.t('the mathematically clean version'), value: 'exact' },
  ];
  return (await window.showQuickPick(items, { placeHolder: l10n.t('Which protocol?'), ignoreFocusOut: true }))?.value;
}

/**
 * Whether to go on with what there is. Where no category is done yet, that is what a first one that was stopped has saved; where all
 * are, nothing would be left to do. Undefined: the user left.
 */
async function whetherToResume(last: LastBenchmark | null, total: number): Promise<boolean | undefined> {
  if (!last?.begun) return true;
  return last.done < total ? askResume(last.done, total, last.createdAt) : false;
}

async function askResume(done: number, total: number, createdAt: Date): Promise<boolean | undefined> {
  const items = [
    {
      label: l10n.t('Go on with the last one'),
      description: l10n.t('{0} of {1} categories done, {2}', done, total, ageText(createdAt, new Date())),
      value: true,
    },
    { label: l10n.t('Start anew'), value: false },
  ];
  const placeHolder = l10n.t('The last benchmark of this data set is not finished');
  return (await window.showQuickPick(items, { placeHolder, ignoreFocusOut: true }))?.value;
}
