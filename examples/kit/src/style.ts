/** The one style sheet of the services: wide enough for a phone, dark where the reader wants it. */
export const style = `
:root { color-scheme: light dark; --line: light-dark(#767676, #8c8c8c); --paper: light-dark(#fff, #16181c);
  --ink: light-dark(#1a1a1a, #ececec); --accent: light-dark(#9b1c2e, #ff9aa8); --good: light-dark(#14632c, #7ddc98);
  --soft: light-dark(#f3f1ee, #22252b); }
* { box-sizing: border-box }
body { margin: 0 auto; max-width: 44rem; padding: 0 1rem 3rem; font: 1.0625rem/1.55 system-ui, sans-serif;
  color: var(--ink); background: var(--paper); overflow-wrap: anywhere }
header { display: flex; flex-wrap: wrap; gap: .5rem 1.5rem; justify-content: space-between; align-items: baseline;
  padding: 1rem 0; border-bottom: 3px solid var(--accent) }
header ul { display: flex; gap: 1rem; list-style: none; margin: 0; padding: 0 }
header .name { font-weight: 700; color: inherit; text-decoration: none }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 1.5rem 0 1rem }
h2 { font-size: 1.2rem; margin: 2rem 0 .5rem }
main:focus { outline: none }
a { color: var(--accent) }
a, button, input, textarea, select, summary { border-radius: .25rem }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
.skip { position: absolute; left: -99rem }
.skip:focus { z-index: 1; left: 1rem; top: 1rem; background: var(--paper); padding: .5rem }
fieldset { border: 1px solid var(--line); border-radius: .5rem; margin: 0 0 1.25rem; padding: .75rem 1rem }
input + fieldset, .hint + fieldset { margin-top: 1.5rem }
legend { font-weight: 600; padding: 0 .25rem }
label { display: block; margin: .35rem 0; padding: .25rem 0 }
label:has(> input) { padding-left: 2rem; text-indent: -2rem }
label.field { font-weight: 600; margin-top: 1rem }
input[type=text], input[type=password], input[type=date], textarea, select { width: 100%; font: inherit; padding: .6rem;
  border: 1px solid var(--line); background: var(--paper); color: inherit }
input[type=radio], input[type=checkbox] { width: 1.25rem; height: 1.25rem; vertical-align: -.2rem; margin: 0 .75rem 0 0 }
textarea { min-height: 8rem; font-family: ui-monospace, monospace; font-size: .9rem }
button, .button { display: inline-block; font: inherit; font-weight: 600; min-height: 2.75rem; padding: .6rem 1.25rem;
  border: 2px solid var(--accent); background: var(--accent); color: var(--paper); text-decoration: none; cursor: pointer; margin: 0 .25rem .5rem 0 }
.plain { background: transparent; color: var(--accent) }
[aria-invalid=true] { border: 2px solid var(--accent) !important }
.wrong { color: var(--accent); font-weight: 600; margin: .25rem 0 0 }
.hint { font-size: .95rem; opacity: .85; font-weight: 400 }
.qr { display: block; width: min(100%, 26rem); height: auto; margin: 1rem 0; background: #fff; color: #000; fill: #000;
  border: 1px solid var(--line) }
.notice { border-left: .4rem solid var(--accent); background: var(--soft); padding: .75rem 1rem; margin: 1rem 0 }
.good { border-left-color: var(--good) }
.code { font: 600 1.6rem/1.2 ui-monospace, monospace; letter-spacing: .1em }
fieldset p.hint { margin: 0 0 .75rem 2rem }
fieldset label.field + p.hint { margin-left: 0 }
table { border-collapse: collapse; width: 100% }
caption { text-align: left; font-weight: 600; padding: .5rem 0 }
th, td { text-align: left; vertical-align: top; padding: .5rem .5rem .5rem 0; border-bottom: 1px solid var(--line) }
dt { font-weight: 600; margin-top: .5rem }
dd { margin: 0 }
ul.checks { list-style: none; padding: 0 }
ul.checks li { border-bottom: 1px solid var(--line); padding: .6rem 0 .6rem 2rem; position: relative }
ul.checks li::before { position: absolute; left: .25rem; font-weight: 700 }
ul.checks li.passed::before { content: "✓"; color: var(--good) }
ul.checks li.failed::before { content: "✗"; color: var(--accent) }
ul.checks li.not-applicable::before { content: "–" }
@media (prefers-reduced-motion: no-preference) { html { scroll-behavior: smooth } }
`
