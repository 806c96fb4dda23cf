/** The report's looks: the reader's light or dark, from a phone's width up, nothing fetched. */
export const style = `
:root { color-scheme: light dark; --text: #1a1c1f; --faint: #5c636b; --line: #dfe3e8; --paper: #ffffff; --panel: #f6f7f9; --blue: #2a78d6; --orange: #d9640f; --green: #1b8a5a; --purple: #8453c6; --teal: #0f8a99; --red: #c73b4e; }
@media (prefers-color-scheme: dark) {
  :root { --text: #e8eaed; --faint: #9aa3ad; --line: #343a41; --paper: #15181b; --panel: #1d2125; --blue: #62a3f0; --orange: #f0904a; --green: #4cc38a; --purple: #b08ae8; --teal: #45c1cf; --red: #ee7585; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 24px 16px 64px; max-width: 860px; background: var(--paper); color: var(--text); font: 16px/1.5 system-ui, sans-serif; }
h1 { font-size: 28px; line-height: 1.2; margin: 8px 0 4px; }
h2 { font-size: 20px; margin: 40px 0 8px; }
h3 { font-size: 15px; margin: 0 0 6px; }
p { margin: 4px 0 12px; }
.faint, .legend, caption { color: var(--faint); font-size: 14px; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 12px; margin: 20px 0; }
.figure { background: var(--panel); border-radius: 8px; padding: 12px 14px; }
.figure b { display: block; font-size: 21px; font-weight: 600; white-space: nowrap; line-height: 1.25; font-variant-numeric: tabular-nums; }
.figure span { color: var(--faint); font-size: 14px; }
svg { display: block; width: 100%; height: auto; }
.tick, .name { fill: var(--faint); font-size: 12px; }
.filter .tick { font-size: 11px; }
.grid { stroke: var(--line); }
.zero { stroke: var(--faint); stroke-width: 0.75; }
.c0 { --colour: var(--blue); } .c1 { --colour: var(--orange); } .c2 { --colour: var(--green); }
.c3 { --colour: var(--purple); } .c4 { --colour: var(--teal); } .c5 { --colour: var(--red); }
path.line { fill: none; stroke: var(--colour); stroke-width: 2; stroke-linejoin: round; }
.filter path.line { stroke-width: 1.5; }
circle { fill: var(--colour); stroke: var(--paper); stroke-width: 1.5; }
line.level { stroke: var(--faint); stroke-width: 1.5; stroke-dasharray: 5 4; }
.legend { display: flex; flex-wrap: wrap; gap: 2px 14px; }
.entry { display: inline-flex; align-items: center; gap: 6px; overflow-wrap: anywhere; min-width: 0; }
.key { flex: none; display: inline-block; width: 18px; border-top: 3px solid var(--colour); }
.key.points { width: 10px; height: 10px; border: 0; border-radius: 50%; background: var(--colour); }
.key.level { border-top: 2px dashed var(--faint); }
.layers { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(240px, 100%), 1fr)); gap: 16px; }
.layer { background: var(--panel); border-radius: 8px; padding: 12px; min-width: 0; }
.map { display: block; width: 100%; height: auto; aspect-ratio: 1; image-rendering: pixelated; border: 1px solid var(--line); background: var(--paper); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 15px; }
th, td { text-align: left; padding: 6px 12px 6px 0; border-bottom: 1px solid var(--line); vertical-align: top; }
th { font-weight: 500; color: var(--faint); }
.settings th { width: 45%; }
.sentence { margin: 18px 0 4px; overflow-wrap: anywhere; }
.mask { background: var(--blue); color: var(--paper); border-radius: 4px; padding: 0 5px; font-size: 13px; }
.guesses { list-style: none; margin: 0; padding: 0; }
.guesses li { display: grid; grid-template-columns: minmax(90px, 150px) 1fr 64px; gap: 10px; align-items: center; font-size: 15px; }
.guesses.long li { grid-template-columns: minmax(90px, 45%) 1fr 64px; }
.guesses span:first-child { overflow-wrap: anywhere; }
.bar { display: block; height: 10px; border-radius: 0 3px 3px 0; background: var(--blue); min-width: 1px; }
.guesses .number { text-align: right; white-space: nowrap; color: var(--faint); font-variant-numeric: tabular-nums; }
#live { position: fixed; right: 8px; top: 8px; margin: 0; padding: 2px 10px; border-radius: 10px; font-size: 13px; background: var(--panel); color: var(--green); max-width: calc(100% - 16px); }
#live.lost { color: var(--orange); }
.note { background: var(--panel); border-left: 3px solid var(--orange); padding: 8px 12px; overflow-wrap: anywhere; white-space: pre-wrap; }
h1 { overflow-wrap: anywhere; }
.split { display: flex; height: 18px; border-radius: 4px; overflow: hidden; background: var(--panel); }
.split span { background: var(--colour); }
.through { display: grid; grid-template-columns: repeat(auto-fill, minmax(120px, 1fr)); gap: 12px; align-items: end; }
:not(.layers) > .layer + .layer { margin-top: 12px; }
.through .faint { display: block; font-size: 13px; text-align: center; }
.through .map { max-width: 220px; margin: 0 auto; }
pre { margin: 0; font: 13px/1.5 ui-monospace, monospace; }
.layers.wide { grid-template-columns: repeat(auto-fill, minmax(min(340px, 100%), 1fr)); }
.mosaic { display: grid; gap: 6px; }
.confusion { width: auto; font-size: 13px; font-variant-numeric: tabular-nums; }
.confusion td { text-align: right; padding: 5px 7px; border: 1px solid var(--paper); min-width: 40px; }
.confusion th { padding: 4px 8px 4px 0; border: 0; white-space: nowrap; }
.confusion th[scope=col] { vertical-align: bottom; padding: 0 0 4px; text-align: center; }
.confusion th[scope=col] span { writing-mode: vertical-rl; transform: rotate(180deg); }
.pictures { display: grid; grid-template-columns: repeat(auto-fill, minmax(104px, 1fr)); gap: 14px 10px; }
.pictures figure { margin: 0; min-width: 0; }
.pictures img { display: block; width: 100%; aspect-ratio: 1; object-fit: contain; background: var(--panel); border-radius: 4px; }
.pictures figcaption { font-size: 12px; line-height: 1.35; margin-top: 4px; color: var(--faint); overflow-wrap: anywhere; }
.pictures b { color: var(--text); font-weight: 600; }
summary { cursor: pointer; padding: 6px 0; color: var(--faint); }
.attention text { fill: var(--faint); font-size: 11px; }
.attention rect { fill: var(--blue); }
.attention .frame { fill: none; stroke: var(--line); }
@media (max-width: 560px) { .curve .tick, .curve .name { font-size: 22px; } .curve path { stroke-width: 3; } .curve circle { r: 7px; } }
`;
