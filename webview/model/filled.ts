/**
 * A text with values that are no text: `filled(l10n.t('{0} of {1} images'), html`<b>2</b>`, 3)`. Gives what lies between the values and
 * the values in the text's order, for a template to show.
 */
export const filled = (text: string, ...values: unknown[]): unknown[] =>
  text.split(/\{(\d+)\}/).map((part, i) => (i % 2 === 0 ? part : values[Number(part)]));
