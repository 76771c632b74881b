// The style sheet of the account pages: one card, in light and dark mode, for phones and desktops. It loads no font and
// no image.

export const style = `
:root {
  color-scheme: light dark;
  --ground: light-dark(#f4f5f7, #101216);
  --card: light-dark(#ffffff, #191c22);
  --ink: light-dark(#16181d, #eceef2);
  --quiet: light-dark(#5b6270, #a0a7b4);
  --line: light-dark(#dfe2e8, #2b3039);
  --field: light-dark(#ffffff, #12151a);
  --brand: light-dark(#2f54c4, #8ba6ff);
  --on-brand: light-dark(#ffffff, #0e1424);
  --bad: light-dark(#b3261e, #ff9d94);
  --bad-ground: light-dark(#fdeceb, #35191a);
  --good: light-dark(#1a6b3c, #7fd6a2);
  --good-ground: light-dark(#e8f6ee, #14291d);
}
* { box-sizing: border-box; }
html { font: 100%/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; }
body {
  margin: 0; min-height: 100dvh; background: var(--ground); color: var(--ink);
  display: flex; flex-direction: column; align-items: center; padding: 8vh 1rem 3rem;
}
header { display: flex; align-items: center; gap: .6rem; margin-bottom: 1.5rem; font-weight: 650; letter-spacing: -.01em; }
header svg { width: 1.75rem; height: 1.75rem; color: var(--brand); }
main {
  width: 100%; max-width: 26rem; background: var(--card); border: 1px solid var(--line);
  border-radius: 1rem; padding: 2rem; box-shadow: 0 1px 2px rgb(0 0 0 / .05), 0 12px 32px -12px rgb(0 0 0 / .16);
}
main.wide { max-width: 40rem; }
h1 { font-size: 1.5rem; line-height: 1.25; letter-spacing: -.02em; margin: 0 0 .5rem; text-wrap: balance; }
h2 { font-size: 1rem; margin: 2rem 0 .5rem; }
p { margin: 0 0 1rem; text-wrap: pretty; }
.quiet { color: var(--quiet); }
.small { font-size: .875rem; }
a { color: var(--brand); text-underline-offset: .2em; }
form { margin: 1.25rem 0 0; }
label { display: block; font-size: .875rem; font-weight: 600; margin: 1rem 0 .375rem; }
input, textarea {
  width: 100%; font: inherit; color: inherit; background: var(--field); border: 1px solid var(--line);
  border-radius: .625rem; padding: .625rem .75rem; min-height: 2.875rem;
}
textarea { display: block; font: .8125rem/1.6 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; resize: vertical; }
input[aria-invalid="true"], textarea[aria-invalid="true"] { border-color: var(--bad); }
button, .button {
  display: block; width: 100%; font: inherit; font-weight: 600; text-align: center; text-decoration: none; cursor: pointer;
  color: var(--on-brand); background: var(--brand); border: 1px solid transparent; border-radius: .625rem;
  padding: .625rem 1rem; min-height: 2.875rem; margin-top: 1.25rem;
}
button:hover, .button:hover { filter: brightness(1.07); }
.plain { color: var(--ink); background: transparent; border-color: var(--line); margin-top: .75rem; }
.slim { width: auto; min-height: 2.25rem; padding: .25rem .75rem; margin: 0; font-size: .875rem; }
:focus-visible { outline: 3px solid color-mix(in srgb, var(--brand) 55%, transparent); outline-offset: 2px; }
.notice { border-radius: .625rem; padding: .75rem 1rem; margin: 1rem 0; }
.bad { color: var(--bad); background: var(--bad-ground); }
.good { color: var(--good); background: var(--good-ground); }
code {
  display: block; font: .8125rem/1.6 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; overflow-wrap: anywhere;
  background: var(--ground); border: 1px solid var(--line); border-radius: .625rem; padding: .75rem; user-select: all;
}
.qr { display: block; width: 100%; max-width: 24rem; margin: 1.5rem auto; border-radius: .625rem; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; font: inherit; margin: .5rem 0 0; }
dl { display: grid; grid-template-columns: minmax(7rem, auto) 1fr; gap: .5rem 1rem; margin: 1rem 0; }
dt { color: var(--quiet); }
dd { margin: 0; overflow-wrap: anywhere; }
ul { list-style: none; margin: 0; padding: 0; }
li { display: flex; align-items: center; justify-content: space-between; gap: 1rem; padding: .75rem 0; border-top: 1px solid var(--line); }
li form { margin: 0; }
.acts { display: flex; flex-wrap: wrap; justify-content: flex-end; gap: .5rem; }
progress { width: 8rem; max-width: 100%; height: .5rem; accent-color: var(--brand); }
.right { text-align: right; }
nav + article { margin-top: 1rem; }
article { border-top: 1px solid var(--line); padding: 1rem 0; }
summary { cursor: pointer; font-weight: 600; margin-top: 2rem; }
nav { display: flex; flex-wrap: wrap; gap: .5rem 1.25rem; margin-top: 1.5rem; font-size: .875rem; }
@media (max-width: 30rem) {
  body { padding-top: 1.5rem; }
  main { padding: 1.5rem 1.25rem; }
  dl { grid-template-columns: 1fr; gap: 0; }
  dd { margin-bottom: .625rem; }
}
`;
