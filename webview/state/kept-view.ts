import * as z from 'zod';

const keptView = z.object({
  /** Which editor's view it is: a run can be open in several. */
  panel: z.string(),
  /** How often that editor's view was stored. */
  turn: z.number().int().min(0),
  /** As `readView` reads it. */
  view: z.unknown(),
});
/** A view as it is stored, with the page and with the host. */
export type KeptView = z.infer<typeof keptView>;

/**
 * The view to go on with. `own`: what the page remembers, which a window that was reloaded may have of some time ago. `last`: what
 * was last stored with the host, by whichever editor of the run: it counts where it is this editor's own and later, or where the
 * page remembers nothing.
 */
export function viewToGoOnWith(own: unknown, last: unknown): KeptView {
  const [mine, latest] = [own, last].map((stored) => keptView.safeParse(stored).data);
  if (mine) return latest?.panel === mine.panel && latest.turn > mine.turn ? latest : mine;
  return { panel: crypto.randomUUID(), turn: 0, view: latest?.view };
}
