import { cells } from '../array/grid';
import { cosinesToDistances } from './cosine-distance';
import { createPairKernel } from './create-pair-kernel';
import { DistanceTable, rowEntries } from './distance-table';
import { readFeatures } from './feature-store';
import { RowRanks } from './kernel/row-ranks';
import { PatchWindows } from './kernel/patch-windows';
import type { PairKernel } from './pair-kernel';
import { extendShortlists } from './shortlists';
import type { Range, ScoringPlan, TapJob, Task } from './tap-job';

/** Features of a range of images, copied out of the store: ONNX Runtime takes no shared buffers. */
interface Block extends Range {
  readonly features: Float32Array;
}

/** Does the tasks of one tap after another. Lives in a worker thread, or in the main one where there are no workers. */
export class TapWorker {
  private readonly patches: number;
  private readonly control: Int32Array;
  private job: TapJob | null = null;
  private table: DistanceTable | null = null;
  private lengths: PatchWindows | null = null;
  private ranks: RowRanks | null = null;
  private rowBlock: Block | null = null;
  private columnBlock: Block | null = null;

  private constructor(
    private readonly plan: ScoringPlan,
    private readonly kernel: PairKernel,
  ) {
    this.patches = cells(plan.grid);
    this.control = new Int32Array(plan.control);
  }

  /** Throws DEVICE_FAILED where the plan's device can't run the kernel. */
  static async create(plan: ScoringPlan): Promise<TapWorker> {
    return new TapWorker(plan, await createPairKernel(plan));
  }

  /** Turns to a tap. */
  start(job: TapJob): void {
    this.job = job;
    this.table = new DistanceTable(this.plan.layout, job.table);
    this.lengths = this.rowBlock = this.columnBlock = null;
    this.kernel.startTap();
  }

  /** Does a task; returns early, with the task undone, once everybody shall stop. */
  async run(task: Task): Promise<void> {
    const { job, table } = this;
    if (job === null || table === null) throw new Error('no tap to work on');
    switch (task.kind) {
      case 'lengths':
        return this.measure(job, task.image);
      case 'tile':
        return this.compareTile(job, table, task);
      case 'rank':
        return this.rank(job, table, task.image);
    }
  }

  close(): Promise<void> {
    return this.kernel.close();
  }

  private get stopped(): boolean {
    return Atomics.load(this.control, 0) !== 0;
  }

  private measure(job: TapJob, image: number): void {
    this.lengths ??= new PatchWindows(this.plan.grid, job.features.channels);
    readFeatures(job.features, image, this.lengths.features);
    this.inverse(job, image).set(this.lengths.inverse(this.plan.degrees));
  }

  private inverse(job: TapJob, image: number): Float32Array {
    const { width } = this.plan.layout;
    return new Float32Array(job.inverseLengths, image * width * 4, width);
  }

  /** All pairs (i, j), i < j, of a tile, batch by batch. Batches begin at multiples of their size, whatever the tile. */
  private async compareTile(job: TapJob, table: DistanceTable, tile: { rows: Range; columns: Range }): Promise<void> {
    const { batch, degrees, layout } = this.plan;
    const size = this.patches * job.features.channels;
    const { rows, columns } = tile;
    // Read when the kernel asks: a device may hold them already.
    const rowFeatures = (): Float32Array =>
      (this.rowBlock = this.load(job, rows, this.rowBlock, this.columnBlock)).features;
    const columnFeatures = (): Float32Array =>
      same(columns, rows)
        ? rowFeatures()
        : (this.columnBlock = this.load(job, columns, this.columnBlock, this.rowBlock)).features;
    const there = new Float32Array(layout.width);
    const back = new Float32Array(layout.width);
    for (let j = columns.start; j < columns.end; j++)
      for (let i = rows.start; i < Math.min(rows.end, j); i += batch) {
        if (this.stopped) return;
        const count = Math.min(batch, rows.end - i, j - i);
        await this.kernel.run(
          {
            first: i,
            count,
            other: j,
            channels: job.features.channels,
            rows: () => rowFeatures().subarray((i - rows.start) * size, (i - rows.start + count) * size),
            column: () => columnFeatures().subarray((j - columns.start) * size, (j - columns.start + 1) * size),
            lengths: (image) => this.inverse(job, image),
          },
          (image, rowCosines, columnCosines) => {
            const [own, other] = [this.inverse(job, image), this.inverse(job, j)];
            cosinesToDistances(rowCosines, own, other, degrees.length, there);
            cosinesToDistances(columnCosines, other, own, degrees.length, back);
            table.write(image, j, there);
            table.write(j, image, back);
          },
        );
        Atomics.add(this.control, 1, count);
      }
  }

  /** Reuses `current`'s array unless `other` is the same: a tile on the diagonal has one block for both sides. */
  private load(job: TapJob, range: Range, current: Block | null, other: Block | null): Block {
    if (current !== null && same(range, current)) return current;
    const length = (range.end - range.start) * this.patches * job.features.channels;
    const reusable = current?.features.length === length && current.features !== other?.features;
    const features = reusable ? current.features : new Float32Array(length);
    readFeatures(job.features, range.start, features);
    return { ...range, features };
  }

  /** From an image's distances to its scores, its shortlists, and what a later run needs. */
  private rank(job: TapJob, table: DistanceTable, image: number): void {
    const { layout, ranks, keptForLater } = this.plan;
    const { width, images, old } = layout;
    const known = image < old && job.known !== null ? job.known : { count: 0, buffer: null };
    this.ranks ??= new RowRanks(images + (job.known?.count ?? 0), width, keptForLater);
    const computed = rowEntries(layout, image);
    const row = this.ranks.row.subarray(0, computed * width);
    table.readRow(image, row);
    const skip = image < old ? -1 : image;
    if (skip >= 0) row.fill(Infinity, skip * width, (skip + 1) * width);
    if (known.buffer !== null) {
      const size = known.count * width;
      this.ranks.row.set(new Float32Array(known.buffer, image * size * 4, size), row.length);
    }
    const entries = computed + known.count;
    new Float64Array(job.means, image * width * 8, width).set(this.ranks.mean(entries, ranks));
    if (job.kept !== null) {
      const size = keptForLater * width;
      new Float32Array(job.kept, image * size * 4, size).set(this.ranks.smallest(entries, keptForLater));
    }
    const { length } = job.shortlist;
    const places = this.patches * length;
    extendShortlists(
      row,
      computed,
      this.patches,
      { first: image < old ? old : 0, skip, before: job.tapsBefore, length },
      new Uint32Array(job.shortlist.images, image * places * 4, places),
      new Float32Array(job.shortlist.bounds, image * places * 4, places),
    );
  }
}

const same = (a: Range, b: Range): boolean => a.start === b.start && a.end === b.end;
