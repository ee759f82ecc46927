import type { RegistryEntry } from '../../core/backbone/registry-schema';
import type { LogLevel, Progress } from '../../core/progress';
import { countsPictures } from '../../protocol/stage';

const STAGES: Readonly<Record<Progress['stage'], string>> = {
  discover: 'Looking at the folder',
  load: 'Loading the backbone',
  features: 'Reading pictures',
  scoring: 'Comparing pictures',
  metrics: 'Measuring',
  write: 'Writing the run',
};
const BAR = 24; // characters

/** Seconds as people say them: "8 s", "3 min 20 s", "2 h 5 min". */
export function duration(seconds: number): string {
  const s = Math.round(seconds);
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min ${s % 60} s`;
  return `${Math.floor(s / 3600)} h ${Math.floor((s % 3600) / 60)} min`;
}

/** Size of a backbone's weights; "about" where it only follows from their number. */
export const weightsSize = (source: RegistryEntry['source']): string =>
  `${source.kind === 'hub' && source.estimated ? 'about ' : ''}${megabytes(source.bytes)}`;

/** A size as people say it. */
export const megabytes = (bytes: number | null): string =>
  bytes === null ? 'size unknown' : `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;

/** At most one report in this time to whoever started us, ms. */
const INTERVAL = 100;

/** Progress and log on stderr: a bar where a person looks on, messages to a program that started us and listens, else only the log. */
export class Terminal {
  private readonly live = process.stderr.isTTY === true;
  private shown = false;
  private sent = -Infinity;

  constructor(private readonly verbose: boolean) {}

  readonly progress = (p: Progress): void => {
    if (!this.live) return this.send(p);
    const filled = p.total > 0 ? Math.round((p.done / p.total) * BAR) : 0;
    const left = p.secondsLeft === null ? '' : `  ${duration(p.secondsLeft)} left`;
    const count =
      countsPictures(p.stage) || p.total <= 1 ? `${p.done}/${p.total}` : `${Math.floor((100 * p.done) / p.total)} %`;
    process.stderr.write(`\r\x1b[K${STAGES[p.stage]} ${'█'.repeat(filled)}${'░'.repeat(BAR - filled)} ${count}${left}`);
    this.shown = true;
  };

  private send(progress: Progress): void {
    const now = performance.now();
    if (!process.connected || (now - this.sent < INTERVAL && progress.done < progress.total)) return;
    this.sent = now;
    process.send?.({ progress }, undefined, {}, () => undefined); // who started us may just have left
  }

  readonly log = (level: LogLevel, message: string): void => {
    if (level === 'debug' && !this.verbose) return;
    this.clear();
    process.stderr.write(`${level === 'warn' || level === 'error' ? `${level}: ` : ''}${message}\n`);
  };

  /** Takes the bar away, so that what follows starts on a clean line. */
  clear(): void {
    if (this.shown) process.stderr.write('\r\x1b[K');
    this.shown = false;
  }
}
