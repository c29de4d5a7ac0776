"""Duplicate detection on made-up leads with known duplicates: in memory, and on a site."""
