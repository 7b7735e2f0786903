/// How the page looks: on paper, on light and on dark screens.
///
/// Text has a contrast of 4.5:1 and more against all that it stands on (WCAG 2.2, 1.4.3), lines and bars
/// 3:1 (1.4.11). Nothing is said by color alone: pieces that not all models have are underlined, unknown
/// ones hatched, bars and lines carry the letter of their model.
enum StyleSheet {
  /// Models with colors of their own; behind them colors come again, and letters tell them apart.
  static let seriesCount = 6

  static let text: StaticString = """
    :root {
      --paper: #ffffff; --ink: #1b1b1f; --quiet: #53535d; --line: #8a8a94; --grid: #d9d9df;
      --link: #0b57a4; --hatch: #00000026;
      --c0: #ffc9c9; --c1: #ffe1a8; --c2: #f6f3a6; --c3: #c3f2c3; --c4: #bdf0f0; --c5: #c6dcff;
      --c6: #e4ccff; --c7: #dcdce0;
      --s0: #0b57a4; --s1: #b3261e; --s2: #2e7d32; --s3: #7b1fa2; --s4: #8f5200; --s5: #00696e;
    }
    @media screen and (prefers-color-scheme: dark) {
      :root {
        --paper: #16161a; --ink: #e8e8ee; --quiet: #b0b0bc; --line: #7e7e8a; --grid: #33333b;
        --link: #8ec1ff; --hatch: #ffffff2e;
        --c0: #6b2b2b; --c1: #5c4814; --c2: #4a4a16; --c3: #1f552a; --c4: #175257; --c5: #234a78;
        --c6: #523a78; --c7: #4a4a52;
        --s0: #8ec1ff; --s1: #ffb4ab; --s2: #8fd694; --s3: #e1b6ff; --s4: #ffc77d; --s5: #7fd4d9;
      }
    }
    * { box-sizing: border-box; }
    html { background: var(--paper); color: var(--ink);
      font: 1rem/1.5 system-ui, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif; }
    body { margin: 0 auto; max-width: 72rem; padding: 1rem 1.25rem 4rem; }
    h1 { font-size: 1.75rem; line-height: 1.2; margin: .5rem 0 1rem; }
    h2 { font-size: 1.3rem; line-height: 1.3; margin: 2.5rem 0 .5rem; }
    h3 { font-size: 1.05rem; margin: 1.5rem 0 .5rem; }
    p, dd, li { max-width: 44rem; overflow-wrap: anywhere; }
    a { color: var(--link); }
    :focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
    .skip { position: absolute; left: -100rem; }
    .skip:focus { left: 1rem; background: var(--paper); padding: .5rem; }
    nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; list-style: none; padding: 0; }
    nav a { display: inline-block; padding: .25rem 0; }
    .note, figcaption { color: var(--quiet); }
    .scroll { overflow-x: auto; max-width: 100%; }
    table { border-collapse: collapse; margin: .5rem 0 1rem; font-variant-numeric: tabular-nums; }
    caption { text-align: left; color: var(--quiet); padding-bottom: .25rem; }
    th, td { padding: .3rem .75rem .3rem 0; text-align: left; vertical-align: top;
      border-bottom: 1px solid var(--grid); }
    th bdi, td bdi { overflow-wrap: anywhere; }
    th a { white-space: nowrap; }
    thead th { border-bottom: 2px solid var(--line); vertical-align: bottom; }
    th { font-weight: 600; }
    tbody th { font-weight: 500; }
    .number { text-align: right; white-space: nowrap; padding-left: .75rem; }
    thead .number { white-space: normal; }
    dt { font-weight: 600; margin-top: .75rem; }
    dd { margin: 0 0 .25rem; }
    .models { list-style: none; padding: 0; }
    .side { font-weight: 600; margin: .5rem 0 0; }
    details { margin: .5rem 0; }
    summary { cursor: pointer; padding: .25rem 0; overflow-wrap: anywhere; }
    code, .chips bdi, table bdi { font-family: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono",
      "Liberation Mono", monospace; font-size: .9em; }
    .chips { list-style: none; margin: 0 0 .75rem; padding: 0; max-width: none; line-height: 2; }
    .chips li { display: inline; position: relative; padding: .1rem .2rem; margin-right: 2px;
      border-radius: 3px; border-bottom: 3px solid transparent; max-width: none;
      box-decoration-break: clone; -webkit-box-decoration-break: clone; }
    .chips .own { border-bottom-color: var(--ink); }
    .chips .unknown { background-image: repeating-linear-gradient(45deg, var(--hatch) 0 3px,
      transparent 3px 8px); outline: 2px dashed var(--ink); outline-offset: -2px; }
    .chips span { display: none; position: absolute; left: 0; top: 100%; z-index: 1; width: max-content;
      max-width: min(22rem, 80vw); padding: .25rem .5rem; background: var(--ink); color: var(--paper);
      font-size: .85rem; line-height: 1.4; border-radius: 3px; }
    .chips li:hover span, .chips li:focus span { display: block; }
    .c0 { background-color: var(--c0); } .c1 { background-color: var(--c1); }
    .c2 { background-color: var(--c2); } .c3 { background-color: var(--c3); }
    .c4 { background-color: var(--c4); } .c5 { background-color: var(--c5); }
    .c6 { background-color: var(--c6); } .c7 { background-color: var(--c7); }
    figure { margin: 1rem 0; }
    .chart { width: 100%; max-width: 46rem; height: auto; display: block; }
    .chart text { fill: var(--ink); font-size: 13px; font-family: inherit; }
    .chart .axis { fill: var(--quiet); }
    .grid { stroke: var(--grid); stroke-width: 1; }
    rect.s0, circle.s0 { fill: var(--s0); } rect.s1, circle.s1 { fill: var(--s1); }
    rect.s2, circle.s2 { fill: var(--s2); } rect.s3, circle.s3 { fill: var(--s3); }
    rect.s4, circle.s4 { fill: var(--s4); } rect.s5, circle.s5 { fill: var(--s5); }
    rect.shared { fill: var(--line); }
    polyline { fill: none; stroke-width: 2; stroke-linejoin: round; }
    polyline.s0 { stroke: var(--s0); }
    polyline.s1 { stroke: var(--s1); stroke-dasharray: 8 4; }
    polyline.s2 { stroke: var(--s2); stroke-dasharray: 2 4; }
    polyline.s3 { stroke: var(--s3); stroke-dasharray: 12 4 2 4; }
    polyline.s4 { stroke: var(--s4); stroke-dasharray: 5 3; }
    polyline.s5 { stroke: var(--s5); stroke-dasharray: 1 3; }
    footer { margin-top: 3rem; color: var(--quiet); }
    @media print {
      body { max-width: none; padding: 0; font-size: 10pt; }
      nav, .skip { display: none; }
      .chips li { border: 1px solid var(--line); background-color: transparent; }
      .chips .own { border-bottom: 3px solid var(--ink); }
      .chips li span { display: none; }
      tr, figure, .chips li { break-inside: avoid; }
      h2, h3, summary { break-after: avoid; }
      .scroll { overflow: visible; }
    }

    """
}
