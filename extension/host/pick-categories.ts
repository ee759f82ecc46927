import path from 'node:path';
import { l10n, type QuickPickItem, ThemeIcon, Uri, window } from 'vscode';
import type { ScoreRequest } from '../protocol/engine';
import type { EngineProcess } from './engine-process';
import { inTurn } from './in-turn';

/** What to do with a data-set root: score these of its categories, benchmark them all, or nothing. */
export type CategoryChoice = readonly Uri[] | 'benchmark' | 'left';

/** So long scoring waits for what the folder is, ms: an engine starts and reads names in far less, but on a slow drive. */
const PATIENCE = 15_000;

/**
 * Asks what to do with the root of a data set, of several one after another. Null: the folder is none, or has one category only, or
 * nobody can tell in time; then the scoring itself says what is unclear.
 */
export async function pickCategories(
  engine: EngineProcess,
  root: Uri,
  layout?: ScoreRequest['layout'],
): Promise<CategoryChoice | null> {
  const asked = engine.call('categories', { folder: root.fsPath, layout }).catch(() => null);
  const found = await Promise.race([asked, tooLong()]); // not given up: that would end the engine, which the job needs
  if (!found || found.categories.length < 2) return null;
  const items = found.categories.map(({ name, images }) => ({
    label: name,
    description: l10n.t('{0} pictures', images),
  }));
  return inTurn(() => ask(root, items));
}

/** Null once nobody waits any longer. */
const tooLong = (): Promise<null> => new Promise((resolve) => setTimeout(resolve, PATIENCE, null).unref());

/** A list with boxes to tick, and a button for all of them as a benchmark: an item could be ticked by "select all". */
function ask(root: Uri, items: readonly QuickPickItem[]): Promise<CategoryChoice> {
  return new Promise((resolve) => {
    const pick = window.createQuickPick();
    const end = (choice: CategoryChoice) => {
      resolve(choice);
      pick.dispose();
    };
    pick.title = l10n.t('Score {0}', path.basename(root.fsPath));
    pick.placeholder = l10n.t(
      'It holds {0} categories. Which to score, each by itself? The button above benchmarks them all.',
      items.length,
    );
    pick.buttons = [{ iconPath: new ThemeIcon('checklist'), tooltip: l10n.t('Benchmark All...') }];
    pick.items = items;
    pick.canSelectMany = true;
    pick.ignoreFocusOut = true;
    pick.onDidTriggerButton(() => end('benchmark'));
    pick.onDidAccept(() => {
      const chosen = pick.selectedItems.map(({ label }) => Uri.joinPath(root, label));
      if (chosen.length > 0) end(chosen); // else the list stays: Enter alone means nothing
    });
    pick.onDidHide(() => end('left'));
    pick.show();
  });
}
