"""One adapter per outside channel. `registry` chooses among them."""

from dafater_crm.channels.registry import account_ids, business_ids, channel_of, parse, profile, send

__all__ = ["account_ids", "business_ids", "channel_of", "parse", "profile", "send"]
