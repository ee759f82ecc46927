import * as l10n from '@vscode/l10n';
import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import * as format from '../model/format';
import { PanelElement } from './base';
import { button } from './button';
import './icon';
import { controls, tokens } from './style';

/** Pictures that can't be shown, with why and how to find them again; and those that are others than were scored. */
@customElement('musc-missing-bar')
export class MuscMissingBar extends PanelElement {
  static override styles = [
    tokens,
    controls,
    css`
      div {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 4px 10px;
        padding: 5px 12px;
        font-size: 12px;
        border-top: 1px solid var(--line);
      }
      musc-icon {
        color: var(--warn);
      }
      span {
        flex: 1 1 160px;
      }
    `,
  ];

  protected override uses(): readonly unknown[] {
    const { phase, missing, changed } = this.panel.state;
    return [phase, missing, changed];
  }

  override render() {
    return html`${this.missing()}${this.changed()}`;
  }

  private missing() {
    const { missing } = this.panel.state;
    const { snapshot, table } = this.panel.derived;
    if (snapshot.restricted)
      return bar(
        l10n.t(
          'The pictures of this run lie outside its folder: they are not shown in restricted mode. Trust the workspace to see them. Scores and heatmaps are kept.',
        ),
      );
    if (missing.size === 0) return nothing;
    const all = missing.size === table.size;
    const find = button(l10n.t('Find the folder…'), () => this.panel.command('relink'));
    if (all) return bar(noneText(new Set(snapshot.missing.map(([, reason]) => reason))), find);
    return bar(someText(missing.size), html`${this.show('missing')}${find}`);
  }

  private changed() {
    const { size } = this.panel.state.changed;
    if (size === 0) return nothing;
    const again = button(l10n.t('Score again'), () => this.panel.command('scoreAgain'));
    return bar(changedText(size), html`${this.show('changed')}${again}`);
  }

  private show(show: 'missing' | 'changed') {
    return button(l10n.t('Show them'), () => this.panel.showOnly({ show }));
  }
}

const bar = (text: string, actions?: TemplateResult) =>
  html`<div><musc-icon name="warning"></musc-icon><span>${text}</span>${actions}</div>`;

/** None can be shown: with the reason where all have the same. */
function noneText(reasons: ReadonlySet<string>): string {
  const [reason] = reasons;
  return reasons.size === 1
    ? l10n.t('None of the pictures can be shown: {0}. Scores and heatmaps are kept.', reason)
    : l10n.t('None of the pictures can be shown. Scores and heatmaps are kept.');
}

function someText(missing: number): string {
  if (missing === 1)
    return l10n.t('One picture is not where it was when this run was made. Scores and heatmaps are kept.');
  return l10n.t(
    '{0} pictures are not where they were when this run was made. Scores and heatmaps are kept.',
    format.count(missing),
  );
}

function changedText(changed: number): string {
  if (changed === 1)
    return l10n.t(
      'One picture was replaced or edited after this run was made: its score and heatmap are those of the earlier one.',
    );
  return l10n.t(
    '{0} pictures were replaced or edited after this run was made: their scores and heatmaps are those of the earlier ones.',
    format.count(changed),
  );
}
