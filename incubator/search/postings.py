"""The inverted index of the showcase: for every term, the set of publications that have it (docs/adr/0008).

A publication is identified by its ``place``, a number that grows with every publication, so that
"newest first" is "largest first" and no sort is needed. The set of a term is stored as
compressed bitmaps (Roaring; Lemire et al., 2016), one row for each 65,536 places, the same
on both engines. Terms are stems, stems of titles prefixed with ``t:``, and facets prefixed with ``f:``.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from pyroaring import BitMap

from incubator.core.portions import portions
from incubator.db import any_of, in_thread, run_sql

#: The term that every publication has.
EVERYTHING = "f:"
#: Not a term: counts the changes of the index in ``n`` and the places given in ``moved``. Whoever changes the
#: index locks this row until the end of the transaction.
_COUNTER = ""

#: Terms of one query: a power of two (``db/raw.py: any_of``).
_AT_ONCE = 512
CHUNK_BITS = 16


@dataclass(frozen=True, slots=True)
class Change:
    """The terms that the publication at ``place`` gains and loses."""

    place: int
    gained: Collection[str] = ()
    lost: Collection[str] = ()


async def new_places(count: int) -> range:
    """Return the next ``count`` places, never given before. Locks the index until the end of the transaction."""
    rows = await run_sql("UPDATE posting SET moved = moved + {} WHERE term = {} RETURNING moved", count, _COUNTER)
    last = int(rows[0]["moved"])
    return range(last - count + 1, last + 1)


async def hold() -> int:
    """Lock the index against other changes until the end of this transaction. Return the number of the change.

    Call before writing rows that the public sees, so that everybody takes the locks in this order.
    """
    rows = await run_sql("UPDATE posting SET n = n + 1 WHERE term = {} RETURNING n", _COUNTER)
    return int(rows[0]["n"])


async def version() -> int:
    """Return a number that grows with every change of the index. One query."""
    rows = await run_sql("SELECT n FROM posting WHERE term = {}", _COUNTER)
    return int(rows[0]["n"])


async def change(changes: Iterable[Change]) -> None:
    """Apply ``changes`` to the index. Call inside the transaction that writes the publications."""
    number = await hold()
    by_chunk: dict[int, tuple[dict[str, list[int]], dict[str, list[int]]]] = {}
    for each in changes:
        gained, lost = by_chunk.setdefault(each.place >> CHUNK_BITS, ({}, {}))
        for terms, places in ((each.gained, gained), (each.lost, lost)):
            for term in terms:
                places.setdefault(term, []).append(each.place)
    for chunk, (gained, lost) in by_chunk.items():
        for terms in portions(sorted(gained.keys() | lost.keys()), _AT_ONCE):
            await _change_chunk(chunk, terms, gained, lost, number)


async def _change_chunk(
    chunk: int, terms: list[str], gained: dict[str, list[int]], lost: dict[str, list[int]], number: int
) -> None:
    marks, values = any_of(terms)
    rows = await run_sql(
        f"SELECT term, docs FROM posting WHERE chunk = {{}} AND term IN ({marks})",  # noqa: S608 - marks only
        chunk, *values,
    )  # fmt: skip
    sets = {row["term"]: BitMap.deserialize(row["docs"]) for row in rows}
    for term in terms:
        docs = sets.setdefault(term, BitMap())
        docs -= BitMap(lost.get(term, ()))
        docs |= BitMap(gained.get(term, ()))
        sets[term] = docs
    await store(chunk, sets, number)


async def store(chunk: int, sets: dict[str, BitMap], number: int) -> None:
    """Write whole rows. An unused facet remains with an empty set: readers notice the change by its number."""
    gone = [term for term, docs in sets.items() if not docs and not term.startswith(EVERYTHING)]
    for part in portions(gone, _AT_ONCE):
        marks, terms = any_of(part)
        await run_sql(
            f"DELETE FROM posting WHERE chunk = {{}} AND term IN ({marks})",  # noqa: S608 - marks only
            chunk, *terms,
        )  # fmt: skip
    kept = [item for item in sets.items() if item[1] or item[0].startswith(EVERYTHING)]
    for pairs in portions(kept, _AT_ONCE):
        values = [v for term, docs in pairs for v in (term, chunk, len(docs), number, docs.serialize())]
        rows = ", ".join(["({}, {}, {}, {}, {})"] * len(pairs))
        await run_sql(
            f"INSERT INTO posting (term, chunk, n, moved, docs) VALUES {rows} ON CONFLICT (term, chunk) "  # noqa: S608 - marks only
            "DO UPDATE SET n = excluded.n, moved = excluded.moved, docs = excluded.docs",
            *values,
        )


async def clear() -> None:
    """Empty the index, without ever giving a place twice."""
    number = await hold()
    await run_sql("DELETE FROM posting WHERE term <> {} AND NOT (term >= {} AND term < {})", _COUNTER, EVERYTHING, _after(EVERYTHING))  # fmt: skip
    await run_sql(
        "UPDATE posting SET n = 0, moved = {}, docs = {} WHERE term <> {}", number, BitMap().serialize(), _COUNTER
    )
    await run_sql(
        "UPDATE posting SET moved = (SELECT coalesce(max(place), 0) FROM publication) WHERE term = {} "
        "AND moved < (SELECT coalesce(max(place), 0) FROM publication)",
        _COUNTER,
    )


async def sets_of(terms: Collection[str]) -> dict[str, BitMap]:
    """Return the places of each term, empty if there are none. One query for every 512 terms."""
    pieces: dict[str, list[BitMap]] = {}
    for part in portions(sorted(terms), _AT_ONCE):
        marks, values = any_of(part)
        with in_thread():
            rows = await run_sql(
                f"SELECT term, docs FROM posting WHERE term IN ({marks})",  # noqa: S608 - marks only
                *values,
            )
        for row in rows:
            pieces.setdefault(row["term"], []).append(BitMap.deserialize(row["docs"]))
    return {term: BitMap.union(*pieces[term]) if term in pieces else BitMap() for term in terms}


async def counts_of(terms: Collection[str]) -> dict[str, int]:
    """Return how many publications have each term; unknown terms are left out."""
    counts: dict[str, int] = {}
    for part in portions(sorted(terms), _AT_ONCE):
        marks, values = any_of(part)
        with in_thread():
            rows = await run_sql(
                f"SELECT term, sum(n) AS n FROM posting WHERE term IN ({marks}) GROUP BY term",  # noqa: S608 - marks only
                *values,
            )
        counts |= {row["term"]: int(row["n"]) for row in rows}
    return counts


async def counts_within(start: str) -> dict[str, int]:
    """Return how many publications have each term that begins with ``start``. One query."""
    with in_thread():
        rows = await run_sql(
            "SELECT term, sum(n) AS n FROM posting WHERE term >= {} AND term < {} GROUP BY term", start, _after(start)
        )
    return {row["term"]: int(row["n"]) for row in rows}


async def commonest(start: str, limit: int) -> list[str]:
    """Return the ``limit`` most frequent terms that begin with ``start``. One query."""
    with in_thread():
        rows = await run_sql(
            "SELECT term FROM posting WHERE term >= {} AND term < {} GROUP BY term ORDER BY sum(n) DESC, term LIMIT {}",
            start, _after(start), limit,
        )  # fmt: skip
    return [row["term"] for row in rows]


async def facets_since(number: int) -> list[tuple[str, int, BitMap]]:
    """Return facet, chunk and places of every row that changed after change ``number``. One query."""
    with in_thread():
        rows = await run_sql(
            "SELECT term, chunk, docs FROM posting WHERE term >= {} AND term < {} AND moved > {}",
            EVERYTHING, _after(EVERYTHING), number,
        )  # fmt: skip
    return [(row["term"], row["chunk"], BitMap.deserialize(row["docs"])) for row in rows]


def _after(start: str) -> str:
    """Return the smallest text that sorts after everything that begins with ``start``, by code point."""
    return start + "\U0010ffff"
