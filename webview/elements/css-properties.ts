import { noChange } from 'lit';
import { Directive, directive, PartType, type ElementPart, type PartInfo } from 'lit/directive.js';

type Values = Readonly<Record<string, string | number>>;

/** Sets style properties through the CSSOM: Lit's styleMap writes a style attribute at first, which the CSP forbids. */
class CssProperties extends Directive {
  private set: Record<string, string> = {};

  constructor(part: PartInfo) {
    super(part);
    if (part.type !== PartType.ELEMENT) throw new Error('cssProperties goes on an element');
  }

  override render(_values: Values) {
    return noChange;
  }

  override update(part: ElementPart, [values]: [Values]) {
    const { style } = part.element as HTMLElement;
    for (const [name, value] of Object.entries(values)) {
      const text = String(value);
      if (this.set[name] === text) continue;
      this.set[name] = text;
      style.setProperty(name, text);
    }
    return noChange;
  }
}

/** `<div ${cssProperties({ width: '3px', '--part': 0.5 })}>` */
export const cssProperties = directive(CssProperties);
