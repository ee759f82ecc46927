import {
  Disposable,
  TabInputCustom,
  TabInputNotebook,
  TabInputNotebookDiff,
  TabInputText,
  TabInputTextDiff,
  window,
} from 'vscode';

/** Follows from its making on whether the user works in an editor, to tell whether another may come up in front. */
export class Attention implements Disposable {
  #works = false;
  readonly #following = Disposable.from(
    window.onDidChangeTextEditorSelection(({ kind }) => {
      if (kind !== undefined) this.#works = true; // by hand: typing moves the cursor, too
    }),
    window.onDidChangeActiveTextEditor((editor) => {
      if (editor) this.#works = true; // went to a text to read it
    }),
    window.onDidChangeActiveNotebookEditor((editor) => {
      if (editor) this.#works = true;
    }),
  );

  /**
   * Whether the active editor is one that the user is at work in: a text that they typed in or went to meanwhile, not one that is only
   * open while they wait, or a run, whose keys label its pictures.
   */
  get isHeld(): boolean {
    const input = window.tabGroups.activeTabGroup.activeTab?.input;
    return isRun(input) || (this.#works && isText(input));
  }

  dispose(): void {
    this.#following.dispose();
  }
}

const isRun = (input: unknown): boolean => input instanceof TabInputCustom && input.viewType === 'musc.run';

const isText = (input: unknown): boolean =>
  [TabInputText, TabInputTextDiff, TabInputNotebook, TabInputNotebookDiff].some((kind) => input instanceof kind);
