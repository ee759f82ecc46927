import * as l10n from '@vscode/l10n';
import { html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import type { OtherRun, PanelJob } from '../../extension/protocol/panel';
import * as format from '../model/format';
import { CancelledError } from '../state/channel';
import { PanelElement } from './base';
import { button } from './button';
import { compareStyle } from './compare-tables';
import './problem-note';
import { controls, tokens } from './style';

/** The other runs of the folder, of which one is compared with. They are looked for again whenever there may be more of them. */
@customElement('musc-compare-choice')
export class MuscCompareChoice extends PanelElement {
  /** Null: not known yet. */
  @state() private runs: readonly OtherRun[] | null = null;
  /** Why they could not be listed the last time. */
  @state() private problem: string | null = null;
  private asked: AbortController | undefined;
  /** What they were last listed for: a job that has ended, a run that is compared with. */
  private listedFor: { job: PanelJob | null; run: string | null } = { job: null, run: null };

  static override styles = [tokens, controls, compareStyle];

  override connectedCallback(): void {
    super.connectedCallback();
    const { job, view } = this.panel.state;
    this.listedFor = { job, run: view.compared };
    void this.list();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.asked?.abort();
  }

  protected override uses(): readonly unknown[] {
    const { job, other, view } = this.panel.state;
    return [job, other, view.compared];
  }

  protected override willUpdate(): void {
    super.willUpdate();
    if (this.isConnected && this.mayHaveMore()) void this.list();
  }

  /** Once for each job that has ended, and for each run that is compared with and was not found before. */
  private mayHaveMore(): boolean {
    const { job, view } = this.panel.state;
    const before = this.listedFor;
    const ended = job !== before.job && job !== null && job.state !== 'queued' && job.state !== 'running';
    const unknown = view.compared !== before.run && !this.runs?.some((run) => run.id === view.compared);
    this.listedFor = { job, run: view.compared };
    return ended || (unknown && view.compared !== null);
  }

  private async list(): Promise<void> {
    this.asked?.abort();
    this.asked = new AbortController();
    try {
      this.runs = await this.panel.channel.call('otherRuns', {}, this.asked.signal);
      this.problem = null;
    } catch (error) {
      if (error instanceof CancelledError) return;
      this.problem = error instanceof Error ? error.message : String(error);
    }
  }

  /** The runs to choose from. The one that is shown is among them, wherever it was found. */
  private get choices(): readonly OtherRun[] {
    const runs = this.runs ?? [];
    const shown = this.panel.state.other?.run;
    if (!shown || runs.some((run) => run.id === shown.id)) return runs;
    const { id, name, createdAt, backbone, images } = shown;
    return [...runs, { id, name, createdAt, backbone: backbone.name, images: images.length }];
  }

  override render() {
    const { choices, problem } = this;
    return html`${problem === null ? nothing : this.failed(problem)}
    ${choices.length > 0 ? this.chooser(choices) : this.none()}`;
  }

  private failed(why: string) {
    return html`<musc-problem-note
      >${l10n.t('The other runs of this folder cannot be listed: {0}', why)}${button(l10n.t('Try again'), () => void this.list(), { slot: 'action' })}</musc-problem-note
    >`;
  }

  private none() {
    if (this.runs === null)
      return this.problem === null ? html`<p>${l10n.t('Looking for other runs of this folder …')}</p>` : nothing;
    return html`<p>
        ${l10n.t(
          'There is no other run of this folder yet. Score it again with another backbone or other settings, then compare.',
        )}
      </p>
      <div class="row">
        ${button(l10n.t('Score again'), () => this.panel.command('scoreAgain'), { primary: true })}
      </div>`;
  }

  private chooser(choices: readonly OtherRun[]) {
    const chosen = this.panel.state.view.compared ?? '';
    return html`<div class="row">
      <label for="run">${l10n.t('Compare with')}</label>
      <select
        id="run"
        @change=${(e: Event) => void this.panel.comparing.choose((e.target as HTMLSelectElement).value || null)}
      >
        <option value="" .selected=${live(chosen === '')}>${l10n.t('choose a run …')}</option>
        ${choices.map(
          (r) =>
            html`<option value=${r.id} .selected=${live(r.id === chosen)}>
              ${format.moment(r.createdAt)} · ${r.backbone} · ${l10n.t('{0} images', format.count(r.images))}
            </option>`,
        )}
      </select>
    </div>`;
  }
}
