"""Event data of others (GDELT, ICEWS, POLECAT) read into a ledger, beside what was coded here."""
