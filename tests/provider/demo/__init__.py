"""A day of conversations over three channels, delivered to a site through its own webhook. `make demo-inbox`."""
