import { l10n, QuickInputButtons, type QuickPickItem, window } from 'vscode';

/** How a value that is not among the items is asked for. */
export interface OtherValue<T> {
  readonly prompt: string;
  /** The value that a text means, or undefined. */
  read(text: string): T | undefined;
}

/** One question of several: its items, the one chosen before, and how any other value is typed where one is allowed. */
export interface Step<T> {
  readonly title: string;
  readonly placeholder: string;
  readonly items: readonly (QuickPickItem & { readonly value: T })[];
  readonly active: T | undefined;
  readonly other?: OtherValue<T>;
}

/** How a step ended. */
export type Answer<T> = { readonly value: T } | 'back' | 'left';

/** Asks one step in a series: with "step n of m", a back button and the last answer ready. */
export async function askStep<T>(step: Step<T>, position: number, total: number): Promise<Answer<T>> {
  for (;;) {
    const answer = await pickItem(step, position, total);
    if (answer !== 'other' || !step.other) return answer as Answer<T>;
    const typed = await typeValue(step.title, step.other, position, total);
    if (typed !== 'back') return typed;
  }
}

function pickItem<T>(step: Step<T>, position: number, total: number): Promise<Answer<T> | 'other'> {
  return new Promise((resolve) => {
    const pick = window.createQuickPick<QuickPickItem & { readonly value?: T }>();
    const other = { label: l10n.t('Other...'), alwaysShow: true };
    pick.title = step.title;
    pick.placeholder = step.placeholder;
    pick.step = position;
    pick.totalSteps = total;
    pick.items = step.other ? [...step.items, other] : step.items;
    pick.matchOnDescription = true;
    pick.ignoreFocusOut = true;
    if (position > 1) pick.buttons = [QuickInputButtons.Back];
    const active = step.items.find((item) => item.value === step.active);
    if (active) pick.activeItems = [active];
    const end = (answer: Answer<T> | 'other') => {
      resolve(answer);
      pick.dispose();
    };
    pick.onDidAccept(() => {
      const item = pick.activeItems[0];
      if (item) end(item === other ? 'other' : { value: item.value as T });
    });
    pick.onDidTriggerButton(() => end('back'));
    pick.onDidHide(() => end('left'));
    pick.show();
  });
}

/** A text box that takes nothing but a right value; "back" leads to the items. */
function typeValue<T>(
  title: string,
  { prompt, read }: OtherValue<T>,
  position: number,
  total: number,
): Promise<Answer<T>> {
  return new Promise((resolve) => {
    const box = window.createInputBox();
    box.title = title;
    box.prompt = prompt;
    box.step = position;
    box.totalSteps = total;
    box.ignoreFocusOut = true;
    box.buttons = [QuickInputButtons.Back];
    const end = (answer: Answer<T>) => {
      resolve(answer);
      box.dispose();
    };
    box.onDidChangeValue((text) => {
      box.validationMessage = text.trim() === '' || read(text) !== undefined ? undefined : prompt;
    });
    box.onDidAccept(() => {
      const value = read(box.value);
      if (value === undefined) box.validationMessage = prompt;
      else end({ value });
    });
    box.onDidTriggerButton(() => end('back'));
    box.onDidHide(() => end('left'));
    box.show();
  });
}
