import { l10n, ThemeIcon, type Uri, window } from 'vscode';
import { toMuscError } from '../core/errors';
import type { EngineResults } from '../protocol/engine';
import { errorText } from './messages';
import { durationText } from './progress-text';
import type { ScoreOverrides, Scoring } from './scoring';

/** "51 pictures, about 40 s and 1.2 GB of memory (CPU, 8 threads)". */
export function estimateText({ images, device, seconds, memoryBytes, diskBytes }: EngineResults['estimate']): string {
  const gigabytes = (bytes: number) => (bytes / 1e9).toFixed(1);
  const time = durationText(seconds.load + seconds.features + seconds.scoring + seconds.metrics);
  const text = l10n.t(
    '{0} pictures, about {1} and {2} GB of memory ({3})',
    images,
    time,
    gigabytes(memoryBytes),
    device,
  );
  return diskBytes >= 1e8 ? l10n.t('{0}, {1} GB of disk space meanwhile', text, gigabytes(diskBytes)) : text;
}

/**
 * The last step before scoring: what it would take on this machine, measured while the question is already open. True: start.
 * What makes an estimate fail is said here too; starting stays possible, and then tells it in full.
 */
export function confirmEstimate(scoring: Scoring, folder: Uri, options: ScoreOverrides): Promise<boolean> {
  return new Promise((resolve) => {
    const controller = new AbortController();
    const pick = window.createQuickPick();
    const item = (detail: string) => {
      pick.items = [{ label: l10n.t('Score'), detail, iconPath: new ThemeIcon('play'), alwaysShow: true }];
    };
    const end = (start: boolean) => {
      resolve(start);
      controller.abort();
      pick.dispose();
    };
    pick.title = l10n.t('Score With Options');
    pick.placeholder = l10n.t('Enter starts, Escape leaves');
    pick.busy = true;
    pick.ignoreFocusOut = true;
    item(l10n.t('Estimating time and memory from a few of the pictures...'));
    pick.onDidAccept(() => end(true));
    pick.onDidHide(() => end(false));
    pick.show();
    scoring
      .estimate(folder, options, controller.signal)
      .then(estimateText, (error: unknown) => errorText(toMuscError(error)))
      .then((text) => {
        if (controller.signal.aborted) return;
        item(text);
        pick.busy = false;
      })
      .catch(() => undefined);
  });
}
