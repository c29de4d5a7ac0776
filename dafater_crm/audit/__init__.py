"""`dafater-audit`: looks at a file of leads without a bench. Imports `intake` and `domain` only."""
