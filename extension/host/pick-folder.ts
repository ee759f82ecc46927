import path from 'node:path';
import { FileType, l10n, type QuickPickItem, ThemeIcon, Uri, window, workspace } from 'vscode';

interface FolderItem extends QuickPickItem {
  readonly uri?: Uri;
}
/** Folders deeper than this below a workspace folder are reached by the dialog. */
const DEPTH = 2;
/** Most folders listed. */
const MOST = 200;
const SKIP = new Set(['node_modules', '__pycache__']);

/** Subfolders of `folder`, itself first, `DEPTH` levels down; links are not followed, so loops end. */
async function* foldersBelow(folder: Uri, depth: number): AsyncGenerator<Uri> {
  yield folder;
  if (depth === 0) return;
  const entries = await workspace.fs.readDirectory(folder).then(
    (list) => list,
    () => [],
  );
  for (const [name, type] of entries.sort(([a], [b]) => (a < b ? -1 : 1)))
    if (type === FileType.Directory && !name.startsWith('.') && !SKIP.has(name))
      yield* foldersBelow(Uri.joinPath(folder, name), depth - 1);
}

/** What a question for a folder says. */
export interface FolderQuestion {
  readonly title: string;
  readonly placeHolder: string;
  /** Of the dialog's button. */
  readonly openLabel: string;
}

const toScore = (): FolderQuestion => ({
  title: l10n.t('Score a Folder'),
  placeHolder: l10n.t('A folder with pictures of one product'),
  openLabel: l10n.t('Score'),
});

/** Of what is selected the folders; where only files are, the folders that they lie in, each once. */
export async function foldersAmong(selected: readonly Uri[]): Promise<readonly Uri[]> {
  const folders: Uri[] = [];
  const parents = new Map<string, Uri>();
  for (const uri of selected) {
    const isFile = await workspace.fs.stat(uri).then(
      ({ type }) => (type & FileType.Directory) === 0, // a link to a folder is one
      () => false, // whoever scores it says that it is gone
    );
    const parent = Uri.joinPath(uri, '..');
    if (isFile) parents.set(parent.toString(), parent);
    else folders.push(uri);
  }
  return folders.length > 0 ? folders : [...parents.values()];
}

/** Asks for a folder: one of the workspace by name, or any by the dialog. Undefined: the user left. */
export async function pickFolder(question = toScore()): Promise<Uri | undefined> {
  const roots = workspace.workspaceFolders ?? [];
  if (roots.length === 0) return openDialog(question);
  const browse: FolderItem = {
    label: l10n.t('Browse...'),
    iconPath: new ThemeIcon('folder-opened'),
    alwaysShow: true,
  };
  const chosen = await window.showQuickPick<FolderItem>(listFolders(browse), {
    title: question.title,
    placeHolder: question.placeHolder,
    matchOnDescription: true,
  });
  return chosen === undefined ? undefined : (chosen.uri ?? openDialog(question));
}

async function listFolders(browse: FolderItem): Promise<FolderItem[]> {
  const items: FolderItem[] = [];
  const roots = workspace.workspaceFolders ?? [];
  for (const [i, root] of roots.entries()) {
    const most = items.length + Math.max(1, Math.floor((MOST - items.length) / (roots.length - i))); // a fair share
    for await (const uri of foldersBelow(root.uri, DEPTH)) {
      if (items.length >= most) break;
      const below = path.posix.relative(root.uri.path, uri.path);
      items.push({
        label: below === '' ? root.name : path.posix.basename(below),
        description: below === '' ? '' : path.posix.join(root.name, path.posix.dirname(below)),
        iconPath: new ThemeIcon(below === '' ? 'root-folder' : 'folder'),
        uri,
      });
    }
  }
  return [...items, browse];
}

async function openDialog({ title, openLabel }: FolderQuestion): Promise<Uri | undefined> {
  const chosen = await window.showOpenDialog({
    canSelectFolders: true,
    canSelectFiles: false,
    title,
    openLabel,
  });
  return chosen?.[0];
}
