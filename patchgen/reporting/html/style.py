"""The style sheet: light and dark, for paper, and with colours that everybody can read.

Every text colour has a contrast of at least 4.5 to 1 on every background it is used on.
"""

STYLE = """
:root {
  color-scheme: light dark;
  --page: #ffffff; --panel: #f5f6f8; --line: #d0d4da; --text: #1b1f24; --quiet: #535b66;
  --link: #0550ae; --error: #a40e26; --error-panel: #ffebe9; --warning: #744500;
  --warning-panel: #fff5d6; --note: #0a4d8c; --note-panel: #e6f1fc; --good: #12602a;
  --good-panel: #e3f6e8; --added: #e6f7ea; --removed: #ffecea; --hunk: #eaf2fb; --mark: #0550ae;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0f1318; --panel: #181d24; --line: #363e49; --text: #e4e8ed; --quiet: #a6afba;
    --link: #82b8ff; --error: #ff9a94; --error-panel: #3a1a1d; --warning: #f0c05a;
    --warning-panel: #33270b; --note: #8cc2ff; --note-panel: #12283f; --good: #7fd597;
    --good-panel: #13301d; --added: #12291a; --removed: #321a1c; --hunk: #16263a; --mark: #82b8ff;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--page); color: var(--text); line-height: 1.5;
  font: 1rem/1.5 system-ui, "Segoe UI", "DejaVu Sans", sans-serif;
}
header, nav, main, footer { max-width: 75rem; margin: 0 auto; padding: 0 1.25rem; }
header { padding-top: 1.75rem; }
footer { padding-top: 1rem; padding-bottom: 2rem; color: var(--quiet); font-size: 0.875rem; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 0.25rem; overflow-wrap: anywhere; }
h2 { font-size: 1.25rem; margin: 2.25rem 0 0.75rem; }
h3 { font-size: 1rem; margin: 0; overflow-wrap: anywhere; }
p { margin: 0.5rem 0; overflow-wrap: anywhere; }
a { color: var(--link); }
:focus-visible { outline: 3px solid var(--mark); outline-offset: 2px; border-radius: 2px; }
.skip { position: absolute; left: -100rem; }
.skip:focus { left: 1rem; top: 0.5rem; background: var(--page); padding: 0.25rem 0.5rem; }
nav ul { display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; list-style: none; padding: 0.6rem 0;
  margin: 0.75rem 0 0; border-top: 1px solid var(--line); border-bottom: 1px solid var(--line); }
.quiet { color: var(--quiet); }
.badge { display: inline-block; padding: 0 0.5rem; border-radius: 1rem; font-size: 0.8125rem;
  font-weight: 600; white-space: nowrap; border: 1px solid currentColor; }
.error { color: var(--error); background: var(--error-panel); }
.warning { color: var(--warning); background: var(--warning-panel); }
.note { color: var(--note); background: var(--note-panel); }
.good { color: var(--good); background: var(--good-panel); }
.neutral { color: var(--quiet); background: var(--panel); }
.verdict { display: flex; flex-wrap: wrap; gap: 0.5rem; align-items: center; margin: 0.75rem 0; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 0.9375rem; }
caption { text-align: left; color: var(--quiet); padding-bottom: 0.25rem; }
th, td { text-align: left; vertical-align: top; padding: 0.35rem 0.75rem 0.35rem 0;
  border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
th { font-weight: 600; }
th { overflow-wrap: normal; }
.strip th { white-space: nowrap; }
li code { font: 0.8125rem/1.5 ui-monospace, "SFMono-Regular", "DejaVu Sans Mono", monospace; }
thead th { color: var(--quiet); font-size: 0.8125rem; }
.strip td { white-space: nowrap; }
.strip td:nth-child(2) { white-space: normal; min-width: 12rem; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
details { border: 1px solid var(--line); border-radius: 6px; margin: 0.75rem 0; overflow: clip; }
summary { cursor: pointer; padding: 0.6rem 0.9rem; background: var(--panel); }
summary:focus-visible { outline-offset: -3px; }
summary h3 { display: inline; }
summary .badge { margin-left: 0.5rem; }
.inner { padding: 0.25rem 0.9rem 0.75rem; }
.mail { font: 0.8125rem/1.55 ui-monospace, "SFMono-Regular", "DejaVu Sans Mono", monospace;
  border-top: 1px solid var(--line); overflow-x: auto; }
.letter { border: 1px solid var(--line); border-radius: 6px; }
.rows { display: table; min-width: 100%; }
.row { display: table-row; }
.row > a, .row > code { display: table-cell; }
.row > a { width: 3.75rem; min-width: 3.75rem; padding: 0 0.75rem; text-align: right;
  color: var(--quiet); text-decoration: none; user-select: none; }
.row > a:hover { text-decoration: underline; }
.row:target { outline: 2px solid var(--mark); outline-offset: -2px; }
.row > code { white-space: pre; tab-size: 8; padding-right: 1rem; font: inherit;
  direction: ltr; unicode-bidi: bidi-override; }
.row > .marks { display: table-cell; padding-left: 0.5rem; width: 100%; white-space: nowrap; }
.marks .badge { font-size: 0.75rem; line-height: 1.4; margin-right: 0.25rem; }
.subject { font-weight: 700; }
.file { background: var(--panel); font-weight: 600; }
.hunk { background: var(--hunk); }
.added { background: var(--added); }
.removed { background: var(--removed); }
.finding { border-left: 4px solid currentColor; padding: 0.4rem 0.9rem; margin: 0;
  font-family: system-ui, "Segoe UI", "DejaVu Sans", sans-serif; font-size: 0.9375rem; }
.mail .finding { position: sticky; left: 0; max-width: min(72rem, 100vw); }
.finding p { margin: 0; }
.finding + .finding { border-top: 1px solid var(--line); }
.alone { margin: 0.5rem 0; border-radius: 4px; }
.text { color: var(--text); }
ul.claims, ul.list { list-style: none; padding: 0; margin: 0.5rem 0; }
ul.claims li, ul.list li { padding: 0.3rem 0; border-bottom: 1px solid var(--line);
  overflow-wrap: anywhere; }
ul.claims .badge { min-width: 7rem; text-align: center; margin-right: 0.5rem; }
pre { background: var(--panel); border: 1px solid var(--line); border-radius: 6px; margin: 0.5rem 0;
  padding: 0.6rem 0.9rem; overflow-x: auto; white-space: pre-wrap; overflow-wrap: anywhere;
  font: 0.8125rem/1.5 ui-monospace, "SFMono-Regular", "DejaVu Sans Mono", monospace; }
td code, p code { font-family: ui-monospace, "SFMono-Regular", "DejaVu Sans Mono", monospace;
  font-size: 0.8125rem; }
.plots { display: grid; grid-template-columns: repeat(auto-fill, minmax(16rem, 1fr)); gap: 1rem;
  margin: 0.75rem 0; }
figure { margin: 0; padding: 0.75rem; border: 1px solid var(--line); border-radius: 6px; }
figcaption { font-size: 0.875rem; font-weight: 600; }
svg { display: block; width: 100%; height: auto; margin-top: 0.5rem; }
svg text { fill: var(--text); font: 11px system-ui, "DejaVu Sans", sans-serif; }
svg .axis { stroke: var(--line); }
svg .tick { fill: var(--quiet); }
svg .join { stroke: var(--mark); fill: none; stroke-width: 2; }
svg .span { stroke: var(--mark); stroke-width: 6; stroke-linecap: round; }
svg .point { fill: var(--mark); }
@media (min-width: 40rem) { .found td:nth-child(-n+2) { white-space: nowrap; } }
@media (max-width: 40rem) {
  header, nav, main, footer { padding-left: 0.75rem; padding-right: 0.75rem; }
  .row > a { width: 2.5rem; min-width: 2.5rem; padding: 0 0.4rem; }
  .inner { padding-left: 0.6rem; padding-right: 0.6rem; }
}
@media print {
  nav, .skip { display: none; }
  body { font-size: 10pt; }
  details { break-inside: auto; }
  details::details-content { content-visibility: visible; height: auto; }
  .mail { overflow: visible; }
  .row > code { white-space: pre-wrap; overflow-wrap: anywhere; }
  figure, .finding, tr { break-inside: avoid; }
  * { print-color-adjust: exact; }
}
"""
