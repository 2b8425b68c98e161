const LIGHT = `
--ground:#f5f6f8;--surface:#fff;--text:#1b2430;--muted:#566070;--line:#dde1e7;--link:#0a58a8;--accent:#0a58a8;
--c1:#0072b2;--c2:#c95400;--c3:#007a5a;--c4:#a83f83;--c5:#8a6d00;--c6:#5b3a8e;--c7:#2f86c4;--c8:#3b3f46`;

const DARK = `
--ground:#101318;--surface:#181c23;--text:#e6e9ee;--muted:#a3adba;--line:#323945;--link:#7cb8f5;--accent:#7cb8f5;
--c1:#56b4e9;--c2:#f0883e;--c3:#2bc295;--c4:#e495c4;--c5:#e3d64a;--c6:#b79cf2;--c7:#7f9bff;--c8:#d5dae2`;

const LAYOUT = `
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--text);font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;overflow-wrap:anywhere}
.page{max-width:70rem;margin:0 auto;padding:1.5rem 1rem 3rem}
h1{font-size:1.75rem;line-height:1.2;margin:0;letter-spacing:-.01em}
h2{font-size:1.2rem;line-height:1.3;margin:0 0 .75rem}
p{margin:0 0 .75rem;max-width:65ch}
a{color:var(--link)}
code{font-size:.9em}
section:not(.cards),footer{background:var(--surface);border:1px solid var(--line);border-radius:.75rem;padding:1.25rem;margin:0 0 1.25rem}
.hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}`;

const HEADER = `
header{margin:0 0 1.25rem}
.title{display:flex;flex-wrap:wrap;gap:.5rem 1rem;align-items:center;margin:0 0 .5rem}
.status{margin:0;padding:.15rem .75rem;border-radius:1rem;color:#fff;font-weight:600;font-size:.85rem;letter-spacing:.04em;print-color-adjust:exact}
.complete{background:#1b7537}.partial{background:#8a5200}.failed{background:#b3261e}
.reason{font-size:1.05rem}
.check{border-left:4px solid #c95400;padding:.1rem 0 .1rem .75rem}
.facts{display:flex;flex-wrap:wrap;gap:.5rem 2rem;margin:0}
dt{color:var(--muted);font-size:.85rem}dd{margin:0}
.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(12rem,1fr));gap:1rem;margin:0 0 1.25rem}
.card{background:var(--surface);border:1px solid var(--line);border-top:3px solid var(--accent);border-radius:.75rem;padding:.9rem 1.1rem}
.card p{margin:0}
.name,.note{color:var(--muted);font-size:.875rem}
.value{font-size:1.75rem;line-height:1.3;font-weight:600;font-variant-numeric:tabular-nums}`;

const FIGURES = `
figure{margin:0 0 1.25rem}
figcaption{color:var(--muted);font-size:.875rem;margin:0 0 .5rem;max-width:75ch}
.chart svg{display:block;width:100%;height:auto;max-width:100%}
.chart .narrow{display:none}
.legend{list-style:none;display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;margin:0 0 .5rem;padding:0;font-size:.875rem}
.legend li{display:flex}.legend svg{flex:none;margin:.2rem .4rem 0 0}`;

const TABLES = `
.table{overflow-x:auto;margin:0 0 .5rem}
.table:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
table{border-collapse:collapse;width:max-content;max-width:none;font-size:.875rem;overflow-wrap:normal}
caption{text-align:left;color:var(--muted);padding:0 0 .35rem}
th,td{padding:.35rem .5rem .35rem 0;text-align:left;vertical-align:top;border-bottom:1px solid var(--line)}
th{font-weight:600}tbody th{font-weight:400}
tbody th,td{max-width:26rem;overflow-wrap:anywhere}tbody th{max-width:15rem}
thead th{color:var(--muted);vertical-align:bottom}
tbody tr:last-child>*{border-bottom:0}
.number{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums;padding-left:.4rem}
.number+:not(.number){padding-left:.75rem}
.bar{display:block;width:8rem;height:.7rem;margin:.3rem 0;background:var(--line);border-radius:2px;print-color-adjust:exact}
.bar span{display:block;height:100%;background:var(--accent);border-radius:2px}
.terms{display:grid;grid-template-columns:max-content 1fr;gap:.25rem 1rem;margin:0}
table.wrapped{width:100%}
.wrapped tbody th{max-width:none}
dl+.table,.table+.notes{margin-top:1rem}
.notes{margin:0;padding-left:1.1rem;max-width:75ch}
details summary{cursor:pointer;color:var(--link);margin:0 0 .5rem}
footer ul{margin:0 0 1.25rem;padding-left:1.1rem}`;

const NARROW = `
@media (max-width:58rem){.cards{grid-template-columns:1fr 1fr}}
@media (max-width:44rem){
.page{padding:1rem .5rem 2rem}
section:not(.cards),footer{padding:1rem .75rem}
.cards{grid-template-columns:1fr 1fr;gap:.5rem}.card{padding:.6rem .7rem}.value{font-size:1.4rem}
.chart .wide{display:none}.chart .narrow{display:block}
tbody th{max-width:10rem}.wrapped tbody th{max-width:none}.bar{display:none}
.terms{grid-template-columns:1fr;gap:0}.terms dd{margin:0 0 .5rem}
}`;

const PRINT = `
@page{size:A4;margin:14mm 12mm}
@media print{
:root{color-scheme:light;${LIGHT};--ground:#fff}
html{font-size:78%}
.page{max-width:none;padding:0}
section:not(.cards),footer{border:0;padding:0;margin:0 0 1.5rem}
.cards{grid-template-columns:repeat(4,1fr)}
.chart .wide{display:block}.chart .narrow{display:none}
.chart svg{max-height:230mm}
figure,tr,.card,dl,footer{break-inside:avoid}
h2,figcaption,caption,thead{break-after:avoid}
.table:not(:has(tbody tr:nth-child(9))){break-inside:avoid}
.table{overflow:visible}
table{width:auto;max-width:100%;font-size:.8rem}
tbody th,td{overflow-wrap:break-word}
tbody th{max-width:26rem}
.bar{display:block;width:6rem}
}`;

/** The page's style sheet. On a screen it follows the reader's setting of light or dark; on paper it is light. */
export const STYLE = `:root{color-scheme:light dark;${LIGHT}}
@media (prefers-color-scheme:dark){:root{${DARK}}}${LAYOUT}${HEADER}${FIGURES}${TABLES}${NARROW}${PRINT}`;
