"""`make demo-inbox SITE=dafater.localhost URL=http://127.0.0.1:8000`: a day of conversations, through the webhook of a site that is served."""

from __future__ import annotations

import os
import sys

from tooling.paths import ROOT
from tooling.shell import status


def main(arguments: list[str]) -> int:
	site = os.environ.get("SITE") or "dafater.localhost"
	url = os.environ.get("URL") or "http://127.0.0.1:8000"
	command = [sys.executable, "-m", "tests.provider.demo", *(arguments or [site, url])]
	return status(command, cwd=ROOT)


if __name__ == "__main__":
	sys.exit(main(sys.argv[1:]))
