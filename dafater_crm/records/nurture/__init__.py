"""Nurture sequences: who is enrolled, what is sent when, and what stops it. See docs/follow-up.md."""
