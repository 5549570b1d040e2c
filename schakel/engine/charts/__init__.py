"""Charts: from plain data to a Vega-Lite specification, and from that to SVG.

The specification is a plain dict without an address in it; its colours are names (`inks`). `rendering` turns it into
SVG with vl-convert, and what comes out passes a sieve before it may stand in a page, a mail or a PDF. Plain Python: it
knows numbers, places and words, and nothing of people or pages.
"""
