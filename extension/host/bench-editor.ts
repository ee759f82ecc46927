import path from 'node:path';
import {
  type CustomReadonlyEditorProvider,
  RelativePattern,
  TabInputCustom,
  Uri,
  type WebviewPanel,
  window,
  workspace,
  l10n,
} from 'vscode';
import { MuscError } from '../core/errors';
import type { BenchDocument } from './bench-document';
import type { Host } from './host';
import { loadRooms } from './load-rooms';

/** The read-only editor of benchmark documents. What it needs is loaded with the first one. */
export class BenchEditor implements CustomReadonlyEditorProvider<BenchDocument> {
  static readonly viewType = 'musc.bench';

  constructor(private readonly host: Host) {}

  async openCustomDocument(uri: Uri): Promise<BenchDocument> {
    if (uri.scheme !== 'file')
      throw new MuscError('FILE_IO', l10n.t('only benchmarks on this machine can be opened'), {
        where: uri.toString(),
      });
    const { BenchDocument } = await loadRooms();
    const document = await BenchDocument.open(uri);
    const watcher = workspace.createFileSystemWatcher(
      new RelativePattern(Uri.file(path.dirname(uri.fsPath)), path.basename(uri.fsPath)),
    );
    const reload = () => void document.reload();
    watcher.onDidChange(reload);
    watcher.onDidCreate(reload);
    watcher.onDidDelete(reload);
    document.onDidDispose(() => watcher.dispose());
    return document;
  }

  async resolveCustomEditor(document: BenchDocument, panel: WebviewPanel): Promise<void> {
    const { BenchSession } = await loadRooms();
    const session = new BenchSession(document, panel, this.host);
    panel.onDidDispose(() => session.dispose());
  }
}

/** The benchmark that the user looks at, if it is the active editor. */
export function activeBenchmark(): Uri | undefined {
  const input = window.tabGroups.activeTabGroup.activeTab?.input;
  return input instanceof TabInputCustom && input.viewType === BenchEditor.viewType ? input.uri : undefined;
}
