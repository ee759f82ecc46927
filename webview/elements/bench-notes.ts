import * as l10n from '@vscode/l10n';
import { css, html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import type { BenchCategory } from '../../extension/protocol/bench-file';
import { isCompared } from '../../extension/protocol/bench-table';
import { BenchElement } from './bench-base';
import './icon';
import { controls, tokens } from './style';

/** What is odd: a benchmark still going on, categories that failed or are missing, nothing to compare with. */
@customElement('musc-bench-notes')
export class MuscBenchNotes extends BenchElement {
  static override styles = [
    tokens,
    controls,
    css`
      ul {
        display: grid;
        gap: 5px;
        margin: 0;
        padding: 0;
        list-style: none;
      }
      li {
        display: flex;
        align-items: flex-start;
        gap: 6px;
        overflow-wrap: anywhere;
      }
      .info {
        color: var(--muted);
      }
      .warning musc-icon {
        color: var(--unsure);
      }
      .error musc-icon {
        color: var(--error-text);
      }
    `,
  ];

  override render() {
    const { phase } = this.page.state;
    if (phase.kind !== 'shown') return nothing;
    const { bench, running } = phase;
    const failed = bench.categories.filter((category) => category.figures === null);
    return html`<div role="status">
      <ul>
        ${
          running ? this.note('info', l10n.t('The benchmark is running: categories appear as they are done.')) : nothing
        }
        ${
          bench.categories.length === 0 && !running
            ? this.note('warning', l10n.t('No category has been measured yet.'))
            : nothing
        }
        ${failed.length > 0 ? this.note('error', failure(failed, bench.categories.length)) : nothing}
        ${bench.dataset.notes.map((note) => this.note('warning', note))}
        ${
          bench.categories.length > 0 && !running && !isCompared(bench)
            ? this.note(
                'info',
                l10n.t(
                  'No figures were published for these categories with this backbone at this size, so there is nothing beside ours.',
                ),
              )
            : nothing
        }
      </ul>
    </div>`;
  }

  private note(kind: 'info' | 'warning' | 'error', text: string) {
    return html`<li class=${kind}><musc-icon name=${kind}></musc-icon><span>${text}</span></li>`;
  }
}

/** What is said of the categories without figures, `of` all of them. */
function failure(failed: readonly BenchCategory[], of: number): string {
  if (failed.length === of) return l10n.t('No category could be measured.');
  const names = failed.map((category) => category.name).join(', ');
  return l10n.t('{0}: no figures. The mean is over the {1} others.', names, of - failed.length);
}
