"""The style of the report: readable on a screen and on paper, start and end instead of left and right."""

from __future__ import annotations

STYLE = """
:root { color-scheme: light; }
body { font: 15px/1.6 "Segoe UI", Tahoma, "Noto Naskh Arabic", "Noto Sans Arabic", Arial, sans-serif; color: #1f272e;
	max-inline-size: 70rem; margin: 2rem auto; padding-inline: 1rem; background: #fff; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.25rem; margin-block-start: 2.5rem; } h3 { font-size: 1rem; margin-block: .2rem; }
ul.tiles { display: grid; grid-template-columns: repeat(auto-fill, minmax(11rem, 1fr)); gap: .75rem; padding: 0; list-style: none; }
ul.tiles li { border: 1px solid #d1d8dd; border-radius: .5rem; padding: .6rem .9rem; }
ul.tiles b { display: block; font-size: 1.4rem; }
ul.facts { color: #505a62; padding-inline-start: 1.2rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; inline-size: 100%; }
th, td { text-align: start; vertical-align: top; padding: .35rem .6rem; border-block-end: 1px solid #e2e6e9; overflow-wrap: anywhere; }
th { color: #505a62; font-weight: 600; white-space: nowrap; }
td:first-child { min-inline-size: 2.5rem; }
ul.examples { margin: 0; padding-inline-start: 1.1rem; }
code { color: #505a62; font-size: .85em; }
.group { border: 1px solid #d1d8dd; border-radius: .5rem; padding: .6rem .9rem; margin-block: .8rem; break-inside: avoid; }
.group p { margin-block: .2rem; color: #505a62; }
footer { margin-block-start: 3rem; color: #505a62; font-size: .85rem; }
@media print { body { margin: 0; max-inline-size: none; font-size: 11px; } .wide { overflow: visible; } h2 { break-after: avoid; } }
"""
