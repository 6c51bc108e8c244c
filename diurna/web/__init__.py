"""Site: read-only pages and a JSON API over a published copy of a ledger (docs/site.md)."""
