"""Remove what a dropped site left in Redis: `forget_site.py SITE DB_NAME BENCH_ID`, from a sites directory."""

import sys

import frappe
import redis


def main(site: str, db_name: str, bench_id: str) -> None:
	config = frappe.get_conf()
	remove(config.redis_cache, f"{db_name}|*")
	remove(config.redis_queue, f"rq:job:{site}*", f"rq:queue:{bench_id}:*")


def remove(url: str, *patterns: str) -> None:
	connection = redis.from_url(url)
	for pattern in patterns:
		for keys in batches(connection.scan_iter(match=pattern, count=1000)):
			connection.delete(*keys)


def batches(keys, size: int = 500):
	batch = []
	for key in keys:
		batch.append(key)
		if len(batch) == size:
			yield batch
			batch = []
	if batch:
		yield batch


if __name__ == "__main__":
	main(*sys.argv[1:])
