/** Style of the HTML reports: light and dark by the reader's system, no fonts to load. */
export const REPORT_CSS = `
:root { color-scheme: light dark; --line: #8884; --weak: #777; --good: #2f8f5b; --bad: #c4453a; }
body { font: 14px/1.45 system-ui, sans-serif; max-width: 1100px; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; margin: 0; } h2 { font-size: 1.15rem; margin: 2rem 0 .6rem; }
.weak { color: var(--weak); }
.cards { display: flex; flex-wrap: wrap; gap: .6rem; margin: 1rem 0; }
.card { border: 1px solid var(--line); border-radius: 6px; padding: .5rem .8rem; min-width: 7rem; }
.card b { display: block; font-size: 1.3rem; font-weight: 600; font-variant-numeric: tabular-nums; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .25rem .6rem; border-bottom: 1px solid var(--line); }
th { font-weight: 600; } td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; }
td.path { overflow-wrap: anywhere; }
.pictures { display: grid; grid-template-columns: repeat(auto-fill, minmax(200px, 1fr)); gap: .8rem; }
figure { margin: 0; } figure img { width: 100%; height: 200px; object-fit: contain; background: #8882; border-radius: 4px; }
figcaption { font-size: 12px; overflow-wrap: anywhere; }
.good { color: var(--good); } .defect { color: var(--bad); }
svg { max-width: 100%; height: auto; } svg text { fill: currentColor; font-size: 11px; }
.axis { stroke: var(--weak); } .bar-good { fill: var(--good); fill-opacity: .55; } .bar-defect { fill: var(--bad); fill-opacity: .55; }
.bar-unknown { fill: #7a7a7a; fill-opacity: .55; } .curve { fill: none; stroke: #3a78c4; stroke-width: 2; } .rule { stroke: currentColor; stroke-dasharray: 4 3; }
.up { color: var(--good); } .down { color: var(--bad); } .mean td { font-weight: 600; }
@media print { body { max-width: none; margin: 0; } figure { break-inside: avoid; } }
`;
