"""Politely fetched bytes: robots.txt, one request at a time for each host, and a limit on everything.

    fetch(url)                          fetcher.py
      each hop (at most five redirects):
        may this address be fetched?    address.py   what must never be asked for; where a redirect leads
                                        robots.py    robots.txt of its origin, read once a run
        wait for the host's turn        hosts.py     one lock and one pace for each host
        exchange                        transfer.py  one GET, its body, its failures
                                        session.py   the connection, its retries, cut off at the deadline

Imports go one way: fetcher, robots, then address and hosts, then transfer, then session. Nothing outside imports
requests, urllib3 or protego. Robots: RFC 9309; HTTP: RFC 9110.
"""

from .fetcher import Fetcher, Response
from .robots import MAX_CRAWL_DELAY_S

__all__ = ["MAX_CRAWL_DELAY_S", "Fetcher", "Response"]
