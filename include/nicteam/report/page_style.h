// How the page looks: light and dark as the reader's system has it, on paper, down to 400 pixels. Colours of series after
// Okabe and Ito, to be told apart by everybody; dashes, labels and shapes say the same again.
#pragma once

namespace nicteam::report {

inline constexpr const char* page_style = R"css(
:root{--bg:#fff;--fg:#1a2027;--dim:#586472;--line:#d9dfe6;--soft:#f3f5f8;--link:#0b5cad;--good:#00664b;--bad:#a8320b;--note:#7a5200;
--c1:#0072b2;--c2:#d55e00;--c3:#009e73;--c4:#b0579a;--c5:#3aa0dc;--c6:#c98a00;--c7:#5b4bb5;--c8:#555f6b;
--software:#0072b2;--nic:#d98200;--bus:#b0579a;--wire:#009e73;--other:#87919c;color-scheme:light dark}
@media(prefers-color-scheme:dark){:root{--bg:#13171c;--fg:#e4e9ee;--dim:#9aa6b3;--line:#303842;--soft:#1b2128;--link:#7cbcf5;--good:#4fcfa6;--bad:#ff9166;--note:#e8bd5c;
--c1:#56b4e9;--c2:#ff8a4c;--c3:#2fc493;--c4:#e08fc8;--c5:#a5d8f6;--c6:#eec04a;--c7:#a99cf2;--c8:#b0bac5;
--software:#56b4e9;--nic:#eeb445;--bus:#e08fc8;--wire:#2fc493;--other:#8b96a2}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--bg);color:var(--fg);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
main{max-width:80rem;margin:0 auto;padding:2.2rem 1.25rem 4rem}
h1{font-size:1.9rem;line-height:1.2;margin:.15rem 0 .5rem;letter-spacing:-.01em;font-weight:650;overflow-wrap:anywhere}
h2{font-size:1.25rem;margin:3rem 0 .6rem;padding-top:.9rem;border-top:1px solid var(--line);font-weight:650}
h3{font-size:1rem;margin:1.9rem 0 .4rem;font-weight:650;overflow-wrap:anywhere}
p{margin:.4rem 0 .8rem;max-width:52rem}
a{color:var(--link)}
code{font:.92em ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;overflow-wrap:anywhere}
.kicker,.dim{color:var(--dim)}
.kicker{margin:0;font-size:.9rem}
.verdict{display:inline-block;margin:.2rem 0 .5rem;padding:.2rem .75rem;border-radius:1rem;border:1.5px solid;font-weight:600}
.good{color:var(--good)}.bad{color:var(--bad)}.open{color:var(--note)}
nav{font-size:.92rem;margin-top:1.2rem}
nav a{margin-right:1.1rem;text-decoration:none;white-space:nowrap}
nav a:hover{text-decoration:underline}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(11.5rem,1fr));gap:1px;margin:1.3rem 0 0;border:1px solid var(--line);border-radius:.5rem;overflow:hidden}
.figures div{box-shadow:0 0 0 1px var(--line);padding:.75rem 1rem .8rem}
.figures dt{font-size:.82rem;color:var(--dim)}
.figures dd{margin:.05rem 0 0;font-size:1.5rem;line-height:1.25;font-weight:600;font-variant-numeric:tabular-nums}
.figures small{display:block;font-size:.82rem;line-height:1.35;font-weight:400;color:var(--dim);overflow-wrap:anywhere}
.scroll{overflow-x:auto;margin:.5rem 0 1.1rem;background:linear-gradient(to right,var(--bg) 30%,transparent) left/2rem 100% no-repeat local,linear-gradient(to left,var(--bg) 30%,transparent) right/2rem 100% no-repeat local,linear-gradient(to right,var(--dim),transparent) left/.5rem 100% no-repeat scroll,linear-gradient(to left,var(--dim),transparent) right/.5rem 100% no-repeat scroll}
table{border-collapse:collapse;font-size:.9rem;min-width:min(100%,32rem)}
caption{text-align:left;color:var(--dim);padding-bottom:.3rem}
th{font-weight:600;color:var(--dim);text-align:left;font-size:.82rem}
th,td{padding:.32rem 1.1rem .32rem 0;border-bottom:1px solid var(--line);vertical-align:top}
th{vertical-align:bottom;white-space:nowrap}
tbody tr:last-child td{border-bottom:0}
.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.p{min-width:15rem}
.sum td{font-weight:600}
.b{white-space:nowrap;font-variant-numeric:tabular-nums}
.b>span:last-child{display:inline-block;min-width:3.6rem;text-align:right}
.bar{display:inline-block;width:5rem;height:.55rem;margin-right:.4rem;background:var(--soft);border:1px solid var(--line);border-radius:2px;overflow:hidden;vertical-align:.02em}
.bar i{display:block;height:100%;background:var(--c1);-webkit-print-color-adjust:exact;print-color-adjust:exact}
tr.held td:first-child{color:var(--good);font-weight:600;white-space:nowrap}
tr.failed td:first-child{color:var(--bad);font-weight:600;white-space:nowrap}
tr.held td:first-child::before{content:"\2713\00a0"}
tr.failed td:first-child::before{content:"\2717\00a0"}
figure{margin:1rem 0 1.6rem}
figcaption{font-size:.9rem;color:var(--dim);margin-bottom:.5rem;max-width:52rem}
.plot{position:relative;height:15rem;margin:1.6rem 1.2rem 2rem 5.2rem;border-left:1px solid var(--dim);border-bottom:1px solid var(--dim)}
.plot.low{height:6.5rem}
.plot svg{position:absolute;inset:0;width:100%;height:100%;overflow:visible}
.plot svg *{vector-effect:non-scaling-stroke}
.plot .grid{stroke:var(--line);stroke-width:1;fill:none}
.plot .band{fill:var(--note);fill-opacity:.13;stroke:var(--note);stroke-width:1;stroke-dasharray:3 3}
.plot .area{stroke:none;fill-opacity:.12}
.plot span{position:absolute;font-size:.78rem;line-height:1;color:var(--dim);white-space:nowrap;font-variant-numeric:tabular-nums}
.plot .y{right:calc(100% + .5rem);transform:translateY(-50%)}
.plot .x{top:calc(100% + .5rem);transform:translateX(-50%)}
.plot .mark{color:var(--note)}
.s{fill:none;stroke-width:2;stroke-linejoin:round}
.s1{stroke:var(--c1)}.s2{stroke:var(--c2);stroke-width:1.5}.s3{stroke:var(--c3);stroke-dasharray:2 2.5}.s4{stroke:var(--c4);stroke-dasharray:9 3 2 3}
.s5{stroke:var(--c5);stroke-dasharray:12 4}.s6{stroke:var(--c6);stroke-dasharray:4 4}.s7{stroke:var(--c7);stroke-dasharray:10 3 2 3 2 3}.s8{stroke:var(--c8);stroke-dasharray:1 3}
.f1{fill:var(--c1)}.f2{fill:var(--c2)}
.legend{list-style:none;display:flex;flex-wrap:wrap;gap:.2rem 1.4rem;margin:.3rem 0 0;padding:0;font-size:.86rem}
.legend svg{width:1.9rem;height:.7rem;margin-right:.45rem;vertical-align:-.02em}
.life{display:grid;grid-template-columns:minmax(7rem,max-content) 1fr;gap:.3rem .8rem;align-items:center;font-size:.86rem;margin:.4rem 0 .3rem}
.life svg{width:100%;height:1.25rem;display:block;-webkit-print-color-adjust:exact;print-color-adjust:exact}
.life svg *{vector-effect:non-scaling-stroke}
.life rect{stroke:var(--bg);stroke-width:.6}
.software{fill:var(--software)}.nic{fill:var(--nic)}.bus{fill:var(--bus)}.wire{fill:var(--wire)}.other{fill:var(--other)}
.axis{position:relative;height:1.2rem}
.axis span{position:absolute;transform:translateX(-50%);font-size:.78rem;color:var(--dim);white-space:nowrap}
.axis span:first-child{transform:none}.axis span:last-child{transform:translateX(-100%)}
details{margin:.4rem 0 1rem}
summary{cursor:pointer;color:var(--link);font-size:.9rem}
footer{margin-top:3rem;padding-top:.8rem;border-top:1px solid var(--line);font-size:.86rem;color:var(--dim)}
@media(max-width:34rem){main{padding:1.3rem .9rem 3rem}h1{font-size:1.5rem}.plot{margin-left:4.2rem;margin-right:.6rem;height:12rem}
.plot .mark{overflow:hidden;text-overflow:ellipsis}.plot .mark[style^=left]{right:0}.plot .mark[style^=right]{left:0;text-align:right}
.figures{grid-template-columns:1fr 1fr}.figures dd{font-size:1.2rem}.figures div{padding:.6rem .7rem}.life{grid-template-columns:1fr;gap:.1rem}.life>div:nth-child(odd){margin-top:.4rem}}
@media print{@page{margin:14mm}:root{--bg:#fff;--fg:#000;--dim:#444;--line:#c4cad1;--soft:#f3f5f8;--good:#00664b;--bad:#a8320b;--note:#7a5200;
--c1:#0072b2;--c2:#d55e00;--c3:#009e73;--c4:#b0579a;--c5:#3aa0dc;--c6:#c98a00;--c7:#5b4bb5;--c8:#555f6b;
--software:#0072b2;--nic:#d98200;--bus:#b0579a;--wire:#009e73;--other:#87919c;color-scheme:light}
body{font-size:10pt}main{max-width:none;padding:0}nav,details:not([open]),#metrics{display:none}.figures{grid-template-columns:repeat(4,1fr)}.p{min-width:0}h2{margin-top:1.4rem}h2,h3,figcaption{break-after:avoid}
figure,tr,.figures,.life{break-inside:avoid}.scroll{overflow:visible}table{font-size:8.2pt}th,td{padding-right:.6rem}th{white-space:normal}.b,.n{white-space:normal}td{overflow-wrap:anywhere}.bar{width:3rem}a{color:inherit}}
)css";

}  // namespace nicteam::report
