// node stand-in-editor.mjs PRODUCT FOLDER RUN: the packaged extension host on an editor that is none. It activates the
// extension, labels the pictures of RUN and saves after each, and meanwhile scores FOLDER; an engine that dies is started again
// by scoring again. Says what it did, one line of JSON each.
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';

const [product, folder, run] = process.argv.slice(2);
const require = createRequire(import.meta.url);
const manifest = require(path.join(product, 'package.json'));
const say = (what) => process.stdout.write(`${JSON.stringify(what)}\n`);

/** Stands for whatever the editor has that does not matter here: can be called, made, read and looked through, and is empty. */
const anything = () =>
  new Proxy(function () {}, {
    get: (_, key) => {
      if (key === 'then') return undefined; // no promise
      if (key === Symbol.iterator) return [][Symbol.iterator].bind([]);
      if (key === Symbol.toPrimitive) return () => '';
      return key === 'prototype' ? {} : anything();
    },
    set: () => true,
    apply: () => anything(),
    construct: () => anything(),
  });

class EventEmitter {
  listeners = new Set();
  event = (listener) => {
    this.listeners.add(listener);
    return { dispose: () => this.listeners.delete(listener) };
  };
  fire(value) {
    for (const listener of this.listeners) listener(value);
  }
  dispose() {}
}
const uri = (fsPath) => ({ scheme: 'file', fsPath, toString: () => `file://${fsPath}` });
const defaults = Object.fromEntries(
  manifest.contributes.configuration.flatMap(({ properties }) =>
    Object.entries(properties).map(([key, property]) => [key, property.default]),
  ),
);
const editors = new Map();
const withDefault = (known) =>
  new Proxy(known, { get: (target, key) => (key in target ? target[key] : key === 'then' ? undefined : anything()) });
const editor = withDefault({
  EventEmitter,
  Uri: { file: uri, parse: uri, joinPath: (base, ...parts) => uri(path.join(base.fsPath, ...parts)) },
  l10n: { t: (text) => text },
  window: withDefault({
    createOutputChannel: () =>
      withDefault(
        Object.fromEntries(
          ['debug', 'info', 'warn', 'error'].map((level) => [level, (message) => say({ log: message })]),
        ),
      ),
    registerCustomEditorProvider: (type, provider) => {
      editors.set(type, provider);
      return anything();
    },
  }),
  workspace: withDefault({
    isTrusted: true,
    workspaceFolders: [],
    getWorkspaceFolder: () => undefined,
    getConfiguration: (section) => ({
      get: (key, otherwise) => (`${section}.${key}` in defaults ? defaults[`${section}.${key}`] : otherwise),
    }),
  }),
});

const Module = require('node:module');
const load = Module._load;
Module._load = (name, ...more) => (name === 'vscode' ? editor : load(name, ...more));

const memento = () => {
  const values = new Map();
  return {
    get: (key, fallback) => values.get(key) ?? fallback,
    update: async (key, value) => void values.set(key, value),
  };
};
const context = withDefault({
  subscriptions: [],
  extensionUri: uri(product),
  globalStorageUri: uri(path.join(os.tmpdir(), 'musc-stand-in')),
  globalState: memento(),
  workspaceState: memento(),
  storageUri: undefined, // no folder is open
});
const api = require(path.join(product, manifest.main)).activate(context);

let over = false;
async function label() {
  const provider = editors.get('musc.run');
  const document = await provider.openCustomDocument(uri(run), {});
  const { images } = document.opened.run;
  for (let n = 0; !over; n++) {
    const [image, label] = [n % images.length, ['good', 'defect', 'unsure'][n % 3]];
    say({ saving: images[image].path, label });
    document.editLabels([{ image, label }], 'label');
    await provider.saveCustomDocument(document);
    say({ saved: images[image].path, label });
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function score() {
  for (;;)
    try {
      const summary = await api.score(uri(folder), { imageSize: 64, device: 'cpu', threads: 2, resume: true });
      return say({ run: summary.run });
    } catch (error) {
      say({ failed: error.code });
      if (error.code !== 'ENGINE_DIED') throw error;
    }
}

const labelling = label();
await score();
over = true;
await labelling;
for (const subscription of context.subscriptions) subscription.dispose();
