import { css, html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
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
        color: var(--vscode-errorForeground, var(--defect));
      }
    `,
  ];

  override render() {
    const { phase } = this.page.state;
    if (phase.kind !== 'shown') return nothing;
    const { bench, running } = phase;
    const failed = bench.categories.filter((category) => category.figures === null);
    const all = failed.length === bench.categories.length;
    const failures = all ? 'No category could be measured.' : `${failed.map((c) => c.name).join(', ')}: no figures.`;
    return html`<div role="status">
      <ul>
        ${running ? this.note('info', 'The benchmark is running: categories appear as they are done.') : nothing}
        ${bench.categories.length === 0 && !running ? this.note('warning', 'No category has been measured yet.') : nothing}
        ${
          failed.length > 0
            ? this.note(
                'error',
                all ? failures : `${failures} The mean is over the ${bench.categories.length - failed.length} others.`,
              )
            : nothing
        }
        ${bench.dataset.notes.map((note) => this.note('warning', note))}
        ${
          bench.categories.length > 0 &&
          bench.published === null &&
          bench.categories.every((category) => category.published === null)
            ? this.note(
                'info',
                'No figures were published for this backbone at this size, so there is nothing beside ours.',
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
