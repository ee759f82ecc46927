import { randomUUID } from 'node:crypto';
import path from 'node:path';
import * as l10n from '@vscode/l10n';
import type { BenchCategory, BenchFile, BenchFigures } from '../../protocol/bench-file';
import type { BenchMetric } from '../../protocol/bench-metrics';
import { BENCH_VERSION } from '../../protocol/bench-file';
import type { BenchRequest, ScoreRequest, ScoreSummary } from '../../protocol/engine';
import { commonInput } from '../../protocol/bench-table';
import type { RunFile } from '../../protocol/run-file';
import { BENCH_FOLDER, BENCH_SUFFIX, type BenchResult, newestBench, writeBench } from '../benchmark/bench-store';
import { publishedFor, publishedSource } from '../benchmark/published';
import { recognise } from '../dataset/recognise';
import type { Dataset } from '../dataset/dataset';
import { type ErrorCode, MuscError, toMuscError } from '../errors';
import { folderName, muscFolder } from '../run/run-folder';
import { readRun } from '../run/run-store';
import { APP_VERSION } from '../version';
import { expectedImages, isPublished, missingCategories } from './expected-images';
import { asBenchmark, benchKey } from './bench-key';
import { openForDataset } from './open-for-dataset';
import { resolveSettings } from './resolve-settings';
import { scoreFolder, type ScoreContext } from './score-folder';

/** What would stop every other category too. */
const OF_ALL: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'CANCELLED',
  'SETTING_INVALID',
  'BACKBONE_UNKNOWN',
  'BACKBONE_MISSING',
  'BACKBONE_INVALID',
  'TAP_UNKNOWN',
  'CHECKSUM_MISMATCH',
  'DISK_FULL',
]);
/** What the pictures of a category are to blame for: another data set would help. */
const OF_PICTURES: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'FOLDER_NOT_FOUND',
  'DATASET_UNCLEAR',
  'TOO_FEW_IMAGES',
  'PICTURE_UNREADABLE',
  'PICTURE_TOO_LARGE',
  'PICTURE_UNSUPPORTED',
  'MASK_INVALID',
]);

/** What a benchmark is given besides its request. */
export interface BenchContext extends ScoreContext {
  /**
   * Told of the document each time it is written, and of an earlier one that is gone on with, so that who is stopped knows what there is;
   * `left`: how many categories are still to be scored.
   */
  readonly written?: (result: BenchResult, left: number) => void;
}

/**
 * Scores every category of a data set (each a run of its own) and writes a benchmark document after each one, so that a
 * stopped benchmark keeps what it has; `resume` goes on with the newest one of the same settings. The
 * `reference` protocol and squashed pictures are the default. A category that fails is listed with its reason and the others go on.
 * Throws DATASET_UNCLEAR, CANCELLED, FOLDER_READ_ONLY and what concerns all categories alike; where none could be scored, the first
 * reason that is not in the pictures.
 */
export async function benchRoot(request: BenchRequest, context: BenchContext): Promise<BenchResult> {
  const asked = asBenchmark(request);
  const root = path.resolve(request.folder);
  context.progress({ stage: 'discover', done: 0, total: 1, secondsLeft: null });
  const { datasets, names } = await chosenCategories(root, asked, context.signal);
  const folder =
    request.out === undefined ? path.join(await muscFolder(root), BENCH_FOLDER) : path.resolve(request.out);
  const key = benchKey(asked);
  const layout = datasets[0].layout;
  const found = request.resume === true ? await newestBench(folder, key, { root, layout }) : null;
  const earlier = found && (await hasSameBackbone(found.bench, asked, datasets[0], context)) ? found : null;
  const missing = missingCategories(
    layout,
    datasets.map((d) => d.category ?? d.name),
  );
  const notes =
    missing.length > 0 && datasets.length === names.length
      ? [l10n.t('Not in this folder: {0}.', missing.join(', '))]
      : [];
  for (const note of notes) context.log('warn', note);

  const file =
    earlier?.file ?? path.join(folder, `${stamp()}-${folderName(path.basename(root))}-${key}${BENCH_SUFFIX}`);
  const rows = new Map((earlier?.bench.categories ?? []).filter((c) => c.figures !== null).map((c) => [c.name, c]));
  const left = (): number => datasets.filter((d) => !rows.has(d.category ?? d.name)).length;
  if (earlier) context.written?.(earlier, left());
  let bench = earlier?.bench ?? null;
  const failures: MuscError[] = [];
  for (const [i, dataset] of datasets.entries()) {
    const name = dataset.category ?? dataset.name;
    if (rows.has(name)) continue;
    context.log('info', `${name} (${i + 1} of ${datasets.length})`);
    const part = { name, index: i, count: datasets.length };
    const { row, run, failure } = await benchCategory(asked, dataset, file, {
      ...context,
      progress: (step) => context.progress({ ...step, part }),
    });
    if (run && bench && run.backbone.sha256 !== bench.backbone.sha256) throw backboneChanged(run);
    rows.set(name, row);
    if (failure) failures.push(failure);
    if (run) bench ??= newDocument(run, { root, layout, names, notes });
    if (bench) {
      bench = withCategories(
        bench,
        names.map((known) => rows.get(known)).filter((r) => r !== undefined),
      );
      await writeBench(file, bench);
      context.written?.({ file, bench }, left());
    }
  }
  if (!bench)
    throw (
      failures.find(({ code }) => !OF_PICTURES.has(code)) ??
      new MuscError('DATASET_UNCLEAR', l10n.t('no category could be scored'), {
        where: root,
        hint: failures[0].toLine(),
      })
    );
  return { file, bench };
}

/** One document holds figures of one network. */
const backboneChanged = ({ backbone }: RunFile): MuscError =>
  new MuscError('CHECKSUM_MISMATCH', l10n.t('the file of the backbone changed while the benchmark ran'), {
    where: backbone.id,
    hint: l10n.t('run it again: it begins anew with the file as it is now'),
  });

/** Whether the backbone is still the one of an earlier benchmark; says so where it is not. Throws as opening it does. */
async function hasSameBackbone(bench: BenchFile, request: ScoreRequest, dataset: Dataset, context: ScoreContext) {
  const backbone = await openForDataset(request, resolveSettings(request), dataset, context);
  await backbone.close();
  if (backbone.info.sha256 === bench.backbone.sha256) return true;
  context.log('warn', l10n.t('The backbone has changed since the benchmark began: it begins anew.'));
  return false;
}

/** The categories asked for, and the names of all there are. */
async function chosenCategories(
  root: string,
  request: BenchRequest,
  signal: AbortSignal,
): Promise<{ datasets: readonly Dataset[]; names: readonly string[] }> {
  const { layout = 'auto', protocol } = request;
  const { datasets } = await recognise(root, { layout, protocol, signal });
  const names = datasets.map((d) => d.category ?? d.name);
  if (datasets.length === 0 || datasets[0].layout === 'folder')
    throw new MuscError('DATASET_UNCLEAR', l10n.t('this is no data set with categories and ground truth'), {
      where: root,
      hint: l10n.t('give the root of MVTec AD, VisA or BTAD, or a folder of that shape'),
      options: 'musc score takes any folder',
    });
  const wanted = request.categories ?? namesIn(request.category ?? 'all');
  if (wanted === 'all') return { datasets, names };
  if (wanted.length === 0) throw new MuscError('USAGE', l10n.t('no category is named'), { hint: names.join(', ') });
  const unknown = wanted.filter((n) => !names.includes(n));
  if (unknown.length > 0)
    throw new MuscError('DATASET_UNCLEAR', l10n.t('there is no category {0}', unknown.join(', ')), {
      where: root,
      hint: l10n.t('choose from {0}', names.join(', ')),
    });
  return { datasets: datasets.filter((d) => wanted.includes(d.category ?? d.name)), names };
}

/** Names as the command line takes them, with commas between. */
function namesIn(text: string): readonly string[] | 'all' {
  const names = text
    .split(',')
    .map((n) => n.trim())
    .filter(Boolean);
  return names.includes('all') ? 'all' : names;
}

/** One category as a row of the document; its run where it succeeded. What concerns all is thrown, other failures become the row's problem. */
async function benchCategory(
  request: ScoreRequest,
  dataset: Dataset,
  file: string,
  context: ScoreContext,
): Promise<{ row: BenchCategory; run: RunFile | null; failure: MuscError | null }> {
  const name = dataset.category ?? dataset.name;
  const empty: BenchCategory = {
    name,
    run: null,
    images: 0,
    skipped: 0,
    figures: null,
    absent: {},
    seconds: 0,
    published: null,
    problem: '',
  };
  try {
    const out = request.out === undefined ? undefined : path.join(path.resolve(request.out), 'runs');
    const summary = await scoreFolder({ ...request, category: dataset.category ?? undefined, out, name }, context);
    context.progress({ stage: 'write', done: 1, total: 1, secondsLeft: null, run: summary.run });
    const run = await readRun(summary.run);
    const expected = expectedImages(dataset.layout, name);
    const square = run.input.height === run.input.width;
    return {
      run,
      failure: null,
      row: {
        name,
        run: path.relative(path.dirname(file), summary.run).split(path.sep).join('/'),
        images: summary.images,
        skipped: summary.skipped.length,
        figures: figuresOf(summary),
        absent: Object.fromEntries(
          Object.entries(summary.absent).map(([metric, reason]) => [metric.replace('.', '_'), reason]),
        ) as Partial<Record<BenchMetric, string>>,
        seconds: summary.seconds.total,
        input: run.input,
        published: square ? publishedFor(dataset.layout, name, run.backbone.id, run.input.width) : null,
        problem:
          expected !== null && expected !== summary.images
            ? l10n.t('{0} of {1} pictures', summary.images, expected)
            : '',
      },
    };
  } catch (error) {
    const failure = toMuscError(error);
    if (OF_ALL.has(failure.code)) throw failure;
    context.log('error', failure.toLine());
    return { run: null, failure, row: { ...empty, problem: failure.toLine() } };
  }
}

const figuresOf = ({ metrics }: ScoreSummary): BenchFigures | null =>
  metrics && {
    image_auroc: metrics.image.auroc,
    image_f1max: metrics.image.f1max,
    image_ap: metrics.image.ap,
    pixel_auroc: metrics.pixel.auroc,
    pixel_f1max: metrics.pixel.f1max,
    pixel_ap: metrics.pixel.ap,
    pixel_aupro: metrics.pixel.aupro,
  };

/** The document with what a first run told about backbone and settings. */
function newDocument(
  run: RunFile,
  about: { root: string; layout: BenchFile['dataset']['layout']; names: readonly string[]; notes: string[] },
): BenchFile {
  const { taps, degrees, keep, rscin, subsets, seed, protocol } = run.settings;
  const comparable = run.input.height === run.input.width && isPublished(about.layout, about.names);
  const mean = comparable ? publishedFor(about.layout, null, run.backbone.id, run.input.width) : null;
  return {
    format: 'musc-bench',
    version: BENCH_VERSION,
    id: randomUUID(),
    name: path.basename(about.root),
    createdAt: new Date().toISOString(),
    appVersion: APP_VERSION,
    dataset: { layout: about.layout, name: path.basename(about.root), root: about.root, notes: about.notes },
    settings: { protocol, taps, degrees, keep, rscin, subsets, seed, input: run.input },
    backbone: { id: run.backbone.id, name: run.backbone.name, sha256: run.backbone.sha256 },
    device: run.device.label,
    categories: [],
    published: mean && { mean, source: publishedSource() },
  };
}

/** The document with these rows. No mean was published for inputs that differ. */
function withCategories(bench: BenchFile, categories: BenchCategory[]): BenchFile {
  const whole = { ...bench, categories };
  return commonInput(whole) === null ? { ...whole, published: null } : whole;
}

const stamp = (): string => new Date().toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '-');
