import path from 'node:path';
import { l10n, type Progress, ProgressLocation, type QuickPickItem, Uri, window, workspace } from 'vscode';
import { BACKBONE_ID, backboneIdOf } from '../../core/backbone/backbone-id';
import { removeBuilt } from '../../core/backbone/checkpoint/built-graphs';
import { hubAddress, weightsPath } from '../../core/backbone/download/hub-address';
import type { KnownBackbone } from '../../core/backbone/registry';
import { adviceText } from '../backbone-advice';
import type { BackboneNode } from '../backbones-view';
import { isAvailable, sizeText } from '../backbones-view';
import { signalOf } from '../cancellation';
import { runCli } from '../cli-process';
import type { Host } from '../host';
import { showError } from '../messages';
import { checkSetting } from '../score-settings';
import { nearestConfiguration, targetOf } from '../setting-target';

/** The backbone of a node of the Backbones view, else undefined. */
function backboneOf(node: unknown): KnownBackbone | undefined {
  const candidate = node as BackboneNode | undefined;
  return typeof candidate === 'object' && candidate?.kind === 'backbone' ? candidate.backbone : undefined;
}

/** Use This Backbone: for every run from now on. Written where it is decided, as the device is. */
export async function useBackbone(_host: Host, node: unknown): Promise<void> {
  const backbone = backboneOf(node);
  if (!backbone) return;
  const configuration = nearestConfiguration();
  await configuration.update('backbone', backbone.entry.id, targetOf(configuration.inspect('backbone')));
}

async function pickAvailable(host: Host): Promise<KnownBackbone | undefined> {
  const available = (await host.backbones.list()).filter(isAvailable);
  if (available.length === 0) {
    void window.showInformationMessage(l10n.t('All known backbones are on this machine.'));
    return undefined;
  }
  const items = available.map((backbone): QuickPickItem & { backbone: KnownBackbone } => ({
    label: backbone.entry.name,
    description: `${sizeText(backbone.entry.source)} · ${backbone.entry.licence}`,
    detail: adviceText(backbone.entry),
    backbone,
  }));
  const chosen = await window.showQuickPick(items, {
    placeHolder: l10n.t('Which backbone to install? You are asked again before anything is downloaded.'),
    matchOnDescription: true,
    matchOnDetail: true,
  });
  return chosen?.backbone;
}

/** Install Backbone...: says what, how large and from where, and downloads only on a yes. */
export async function installBackbone(host: Host, node: unknown): Promise<void> {
  const backbone = backboneOf(node) ?? (await pickAvailable(host));
  if (!backbone || backbone.entry.source.kind !== 'hub') return;
  const { entry } = backbone;
  const { source } = backbone.entry;
  const again = () => installBackbone(host, { kind: 'backbone', backbone });
  const download = l10n.t('Download');
  let address: URL;
  let other: string | undefined;
  try {
    other = mirror();
    address = hubAddress(source, other);
  } catch (error) {
    return showError(error, () => void again());
  }
  const chosen = await window.showInformationMessage(
    l10n.t('Download {0}, {1}?', entry.name, sizeText(source)),
    {
      modal: true,
      detail: [
        l10n.t(
          'From: {0}\nTo: {1}\nLicence: {2}\n{3}',
          address.href,
          weightsPath(host.backbones.folder, entry),
          entry.licence,
          entry.licenceLink ?? '',
        ),
        entry.proven ? '' : l10n.t('Not yet proven against the published file.'),
        l10n.t('Without a network: put the file there by hand, then choose Download; it is taken from there.'),
      ]
        .filter((line) => line !== '')
        .join('\n'),
    },
    download,
  );
  if (chosen !== download) return;
  const done = await inBackground(
    host,
    l10n.t('Downloading {0}', entry.name),
    ['models', 'pull', entry.id, '--yes', ...(other === undefined ? [] : ['--mirror', other])],
    again,
  );
  if (done) await offerUse(host, { kind: 'backbone', backbone });
}

/** Once it is on this machine: whether runs should use it from now on. */
async function offerUse(host: Host, node: BackboneNode & { kind: 'backbone' }): Promise<void> {
  const use = l10n.t('Use This Backbone');
  const text = l10n.t('{0} is on this machine now.', node.backbone.entry.name);
  if ((await window.showInformationMessage(text, use)) === use) await useBackbone(host, node);
}

/** An id for a file that no other backbone has: of several model.onnx the second is model-2. */
function freeId(file: string, taken: readonly string[]): string {
  const id = backboneIdOf(file);
  let free = id;
  for (let n = 2; taken.includes(free); n++) free = `${id.slice(0, 100 - `-${n}`.length)}-${n}`;
  return free;
}

/** Asks what to call it. Undefined: the user left. */
async function askName(host: Host, file: string): Promise<string | undefined> {
  const known = await host.backbones.list();
  const taken = known // one whose file is gone comes back by importing it again
    .filter(({ entry, file: there }) => there !== null || entry.source.kind !== 'imported')
    .map(({ entry }) => entry.id);
  const name = await window.showInputBox({
    title: l10n.t('Import a Backbone ({0} of {1})', 1, 3),
    prompt: l10n.t('Name that settings and runs call it by.'),
    value: freeId(file, taken),
    ignoreFocusOut: true,
    validateInput: (text) => {
      if (!BACKBONE_ID.test(text.trim())) return l10n.t('Choose another name: lower-case letters, digits, . _ -');
      if (taken.includes(text.trim())) return l10n.t('There is another backbone called {0}.', text.trim());
      return null;
    },
  });
  return name?.trim();
}

/** Asks which layers of it are compared. Undefined: the user left. */
const askTaps = (): Thenable<string | undefined> =>
  window.showInputBox({
    title: l10n.t('Import a Backbone ({0} of {1})', 2, 3),
    prompt: l10n.t(
      'Taps: block numbers or tensor names with commas between, or auto for the last block of each quarter.',
    ),
    value: 'auto',
    ignoreFocusOut: true,
    validateInput: (text) => (text.trim() === '' ? l10n.t('Name at least one tap, or auto.') : null),
  });

/** Asks how its pictures are prepared, which no network file says: arguments of the command line. Undefined: the user left. */
async function askPreprocess(): Promise<readonly string[] | undefined> {
  const chosen = await window.showQuickPick(
    [
      { label: l10n.t('As usual'), description: l10n.t('as its layers tell: CLIP, else ImageNet'), args: [] },
      {
        label: 'ImageNet',
        description: l10n.t("ImageNet's mean and spread, bilinear"),
        args: ['--preprocess', 'imagenet'],
      },
      { label: 'CLIP', description: l10n.t("OpenAI CLIP's mean and spread, bicubic"), args: ['--preprocess', 'clip'] },
    ],
    {
      title: l10n.t('Import a Backbone ({0} of {1})', 3, 3),
      placeHolder: l10n.t('How were pictures prepared when it was trained?'),
      ignoreFocusOut: true,
    },
  );
  return chosen?.args;
}

/** Import Backbone From File...: an ONNX file or checkpoint of the user's, with a name, its taps and how pictures go in. */
export async function importBackbone(host: Host): Promise<void> {
  try {
    const files = await window.showOpenDialog({
      title: l10n.t('Import a Backbone'),
      openLabel: l10n.t('Import'),
      filters: { [l10n.t('Networks')]: ['onnx', 'safetensors'] },
    });
    const file = files?.[0]?.fsPath;
    const name = file && (await askName(host, file));
    const taps = name && (await askTaps());
    const preprocess = taps && (await askPreprocess());
    if (!preprocess) return;
    const done = await inBackground(
      host,
      l10n.t('Importing {0}', path.basename(file)),
      ['models', 'import', file, '--id', name, '--taps', taps.trim(), ...preprocess],
      () => importBackbone(host),
    );
    const backbone = done && (await host.backbones.list()).find(({ entry }) => entry.id === name);
    if (backbone) await offerUse(host, { kind: 'backbone', backbone });
  } catch (error) {
    await showError(error);
  }
}

/** Remove Backbone From This Machine: its files and the networks built from them, after a question. */
export async function removeBackbone(host: Host, node: unknown): Promise<void> {
  const backbone = backboneOf(node);
  if (!backbone || backbone.entry.source.kind === 'embedded') return;
  const remove = l10n.t('Remove');
  const { id, name, source } = backbone.entry;
  const models = host.backbones.folder;
  const folder = Uri.joinPath(Uri.file(models), id);
  const detail = [
    ...(host.backbones.chosen === id ? [l10n.t('It is the one in use: choose another before the next run.')] : []),
    l10n.t('{0} and the networks built from it are deleted. Runs made with it stay.', folder.fsPath),
  ].join('\n');
  const chosen = await window.showWarningMessage(
    l10n.t('Remove {0} from this machine?', name),
    { modal: true, detail },
    remove,
  );
  if (chosen !== remove) return;
  try {
    await workspace.fs.delete(folder, { recursive: true });
    if (source.sha256 !== null) await removeBuilt(models, source.sha256);
  } catch (error) {
    await showError(error);
  }
  host.backbones.changed();
}

/** The other address that downloads should come from, if one is set. Throws SETTING_INVALID, naming the setting. */
function mirror(): string | undefined {
  const set = workspace.getConfiguration('musc').get<unknown>('downloadMirror');
  return checkSetting('downloadMirror', set) || undefined;
}

/** Tells a notification how many megabytes have come. */
function downloadProgress(report: Progress<{ message?: string; increment?: number }>) {
  let shown = 0; // percent
  return (done: number, total: number): void => {
    const percent = total > 0 ? Math.min(100, (100 * done) / total) : 0;
    const megabytes = (bytes: number) => Math.round(bytes / 1e6);
    report.report({
      message: l10n.t('{0} of {1} MB', megabytes(done), megabytes(total)),
      increment: Math.max(0, percent - shown),
    });
    shown = Math.max(shown, percent);
  };
}

/** Runs the command line with a notification that tells how far it is. True: it succeeded; what went wrong is shown. */
async function inBackground(
  host: Host,
  title: string,
  args: readonly string[],
  retry: () => Promise<void>,
): Promise<boolean> {
  try {
    await window.withProgress({ location: ProgressLocation.Notification, title, cancellable: true }, (report, token) =>
      runCli(host, args, signalOf(token), {
        said: (line) => report.report({ message: line }),
        progress: downloadProgress(report),
      }),
    );
    return true;
  } catch (error) {
    await showError(error, () => void retry());
    return false;
  } finally {
    host.backbones.changed();
  }
}
