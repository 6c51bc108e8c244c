"""Charts as Vega-Lite specifications, and their drawing: for the site, for mailed pages and for files."""
