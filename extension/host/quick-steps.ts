import { QuickInputButtons, type QuickPickItem, window } from 'vscode';

/** One question of several: its items, the one chosen before, or a text box where a custom value is allowed. */
export interface Step<T> {
  readonly title: string;
  readonly placeholder: string;
  readonly items: readonly (QuickPickItem & { readonly value: T })[];
  readonly active: T | undefined;
}

/** How a step ended. */
export type Answer<T> = { readonly value: T } | 'back' | 'left';

/** Asks one step in a series: with "step n of m", a back button and the last answer ready. */
export function askStep<T>(step: Step<T>, position: number, total: number): Promise<Answer<T>> {
  return new Promise((resolve) => {
    const pick = window.createQuickPick<QuickPickItem & { readonly value: T }>();
    pick.title = step.title;
    pick.placeholder = step.placeholder;
    pick.step = position;
    pick.totalSteps = total;
    pick.items = step.items;
    pick.matchOnDescription = true;
    pick.ignoreFocusOut = true;
    if (position > 1) pick.buttons = [QuickInputButtons.Back];
    const active = step.items.find((item) => item.value === step.active);
    if (active) pick.activeItems = [active];
    const end = (answer: Answer<T>) => {
      resolve(answer);
      pick.dispose();
    };
    pick.onDidAccept(() => {
      const item = pick.activeItems[0];
      if (item) end({ value: item.value });
    });
    pick.onDidTriggerButton(() => end('back'));
    pick.onDidHide(() => end('left'));
    pick.show();
  });
}
