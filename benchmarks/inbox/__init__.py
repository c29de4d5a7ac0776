"""The inbox: how fast the webhook takes deliveries, how fast they are worked off, and its lists over a million messages."""
