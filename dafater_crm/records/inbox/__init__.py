"""The inbox: what comes in from channels is kept, drained and written here; what goes out is queued and sent."""
