"""A provider of our own: it signs and delivers webhooks, takes sends, and serves files, as Meta's platforms do.

with ProviderServer() as provider:            # in a test
python -m tests.provider --webhook URL ...    # as a program; see __main__.py
"""
