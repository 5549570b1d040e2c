"""Who and what is hit, on 2,000 needs, 500 systems and 100,000 people: how long an answer takes.

    python bench/impact.py [--people 100000] [--times 7]

Fills a register (half a minute), then prints in milliseconds, as median and slowest: reading the graph after a change
of the register, the answer for one thing of each kind (all that is hit, both strengths, and how many different people),
the same closure by a recursive query in the database, and whole pages. With SCHAKEL_DATABASE_URL on PostgreSQL.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

os.environ["SCHAKEL_DATA"] = tempfile.mkdtemp(prefix="schakel-bench-")
os.environ.setdefault("SCHAKEL_DEMO", "1")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "schakel.config.settings")
sys.path.insert(0, str(Path(__file__).resolve().parent))

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from large_register import Size, fill  # noqa: E402

from schakel.chain import graph, holders  # noqa: E402
from schakel.chain.graph import Graph  # noqa: E402
from schakel.chain.impact import Reached, foundation, impact  # noqa: E402
from schakel.kits.stock import bring_in  # noqa: E402
from schakel.portal.pages.kinds import foundation_of, impact_of, picture_of  # noqa: E402

BAR = 200
CLOSURE = """
WITH RECURSIVE hit(node) AS (
    SELECT upper_node FROM bench_edge WHERE lower_node = %s AND carries = 1
    UNION SELECT e.upper_node FROM hit AS h JOIN bench_edge AS e ON e.lower_node = h.node AND e.carries = 1
)
SELECT node FROM hit
UNION SELECT e.upper_node FROM bench_edge AS e
WHERE e.carries = 0 AND (e.lower_node = %s OR e.lower_node IN (SELECT node FROM hit))
"""


def milliseconds(act: Callable[[], Any], times: int) -> tuple[float, float]:
    """The median and the slowest of so many times."""
    spent = []
    for _time in range(times):
        began = time.perf_counter()
        act()
        spent.append((time.perf_counter() - began) * 1000)
    return statistics.median(spent), max(spent)


def tell(what: str, found: tuple[float, float], note: str = "") -> None:
    """One line of the outcome."""
    over = "" if found[0] <= BAR else f"  OVER {BAR}"
    print(f"{what:44} {found[0]:9.1f} {found[1]:9.1f}   {note}{over}")


def busiest(whole: Graph, kind: str) -> str:
    """The thing of a kind that has most above it: the worst there is to ask about."""
    reached = {n: len(impact(whole, graph.Start(whole.nodes[n], n)).hits) for n in whole.of_kind(kind)}
    return whole.nodes[max(reached, key=lambda n: reached[n])].key


def answer(kind: str, key: str) -> tuple[Reached, int]:
    """What a page needs to know: all that is hit, and the people."""
    whole = graph.graph()
    reached = impact(whole, graph.start(whole, kind, key))
    return reached, holders.people(reached.who(firm=True))


def recount() -> None:
    """Count as after a change of the register."""
    holders._combined.forget()
    holders._count()


def edge_table(whole: Graph) -> None:
    """The same edges as a table, for the recursive query."""
    rows = [(u, low, int(b.carries)) for low, found in enumerate(whole.above) for u, b in found]
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE bench_edge (upper_node integer, lower_node integer, carries integer)")
        cursor.executemany("INSERT INTO bench_edge VALUES (%s, %s, %s)", rows)
        cursor.execute("CREATE INDEX bench_edge_lower ON bench_edge (lower_node, carries)")
        cursor.execute("ANALYZE bench_edge")


def in_sql(number: int) -> int:
    """How many things the recursive query finds."""
    with connection.cursor() as cursor:
        cursor.execute(CLOSURE, [number, number])
        return len(cursor.fetchall())


def main() -> None:
    """Fill, measure, tell."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--people", type=int, default=100_000)
    asked.add_argument("--times", type=int, default=7)
    options = asked.parse_args()
    call_command("migrate", verbosity=0, interactive=False)
    began = time.perf_counter()
    fill(bring_in()["information_manager"], Size(people=options.people))
    print(f"{connection.vendor}: register filled in {time.perf_counter() - began:.0f} s")
    whole = graph.graph()
    print(f"{len(whole.nodes)} things, {sum(map(len, whole.above))} edges, {options.people} people\n")
    print(f"{'milliseconds':44} {'median':>9} {'slowest':>9}")
    tell("read the graph after a change", milliseconds(graph.build, options.times))
    tell("count all roles at all schools after a change", milliseconds(recount, options.times))
    chosen = {kind: busiest(whole, kind) for kind in ("system", "link", "element", "source", "object", "need", "role")}
    for kind, key in {**chosen, "organisation": "bench-school-1", "person": "100"}.items():
        reached, people = answer(kind, key)
        found = milliseconds(lambda kind=kind, key=key: answer(kind, key), options.times)  # type: ignore[misc]
        tell(f"if this {kind} leaves", found, f"{len(reached.hits)} things, {people} people")
    goal = graph.start(whole, "goal", "bench-g1")
    below = milliseconds(lambda: foundation(whole, goal).hits, options.times)
    tell("what a goal rests on", below, f"{len(foundation(whole, goal).hits)} things")
    edge_table(whole)
    number = whole.find("object", chosen["object"]) or 0
    begin = graph.start(whole, "object", chosen["object"])
    tell("closure of that object, in memory", milliseconds(lambda: impact(whole, begin).hits, options.times))
    note = f"{in_sql(number)} things, without paths, strength or people"
    tell("the same by a recursive query", milliseconds(lambda: in_sql(number), options.times), note)
    pages(chosen, options.times)


def pages(chosen: dict[str, str], times: int) -> None:
    """Whole pages, as someone gets them."""
    manager = (
        ("page: if this system leaves", impact_of("system", chosen["system"])),
        ("page: if this object leaves", impact_of("object", chosen["object"])),
        ("page: what a goal rests on", foundation_of("goal", "bench-g1")),
        ("page: the whole chain", "/keten"),
        ("page: the chain with a system chosen", picture_of("system", chosen["system"])),
        ("page: the gaps", "/hiaten"),
        ("page: the needs", "/behoeften"),
        ("page: who answers for what", "/verantwoordelijkheden"),
        ("page: a role", f"/rollen/{chosen['role']}"),
        ("page: front door of the manager", "/informatiemanager"),
    )
    opened("information_manager", manager, times)
    opened("board_member", [("page: front door of the board", "/bestuur")], times)
    opened("ict_manager", [("page: front door of ICT", "/ict")], times)
    opened("teacher", [("page: front door of everyone", "/mijn")], times)


def opened(who: str, addresses: Iterable[tuple[str, str]], times: int) -> None:
    """These pages for one person: how long each takes, how large it is and how often it asks the database."""
    client = Client()
    client.post("/demo/instappen", {"wie": who})
    for what, address in addresses:
        answered = client.get(address)
        found = milliseconds(lambda address=address: client.get(address), times)  # type: ignore[misc]
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
        tell(what, found, f"{answered.status_code}, {len(answered.content) // 1024} kB, {len(asked)} queries")


if __name__ == "__main__":
    main()
