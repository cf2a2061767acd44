"""The sources of a poem set side by side: how each feature is distributed, and the stock of rhymes.

Computed by a job, because it takes minutes for large sets, and kept until the measures or a
corrected scheme change it.
"""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine, Select, and_, func, select
from sqlmodel import Session, col

from app import jobs
from app.analysis import rhyme_stock
from app.analysis.distribution import bin_edges, describe
from app.db import transaction, utc_now
from app.models import (
    JobState,
    Poem,
    PoemFeature,
    PoemSet,
    SchemeCorrection,
    SourceComparison,
)
from app.poems.measuring import unmeasured
from app.verse import (
    FEATURE_VERSION,
    FEATURES,
    Feature,
    ParsedPoem,
    commonness,
    corpus_counts,
    read_scheme,
    rhyme_pairs,
    tidy_scheme,
    write_scheme,
)

JOB = "compare"

MOST_LABELS = 7
UNRHYMED = "unrhymed"
SCHEME = "rhyme_scheme"
_AT_ONCE = 1_000  # poems
_LONGEST_STANZA = 8  # lines

Found = dict[str, Any]  # Any: JSON
Pairs = list[tuple[str, str]]
Labels = Sequence[str | None]
Values = NDArray[np.float64]
Chosen = Select[*tuple[Any, ...]]  # Any: the columns' own types


def ask_for_comparing(session: Session, poem_set_id: int) -> None:
    """Enqueue it, unless it is queued already. One that runs may have read what is old."""
    if session.get(PoemSet, poem_set_id) is None:
        return
    job = jobs.unfinished(session, JOB, poem_set=poem_set_id)
    if job is None or job.state is not JobState.QUEUED:
        jobs.enqueue(session, JOB, poem_set=poem_set_id)


def under_way(session: Session, poem_set_id: int) -> tuple[int, int] | None:
    """How many steps of how many are done; none where nothing is waited for."""
    job = jobs.unfinished(session, JOB, poem_set=poem_set_id)
    return (job.done, job.total or 0) if job else None


def ask_for_all_comparing(session: Session) -> None:
    """Of every set that is measured and whose comparison does not hold, or is not there."""
    for set_id in session.scalars(select(col(PoemSet.id))).all():
        if set_id and not is_current(session, set_id) and not unmeasured(session, set_id):
            ask_for_comparing(session, set_id)


def is_current(session: Session, poem_set_id: int) -> bool:
    statement = select(
        col(SourceComparison.feature_version), col(SourceComparison.n_corrections)
    ).where(col(SourceComparison.poem_set_id) == poem_set_id)
    found = session.execute(statement).first()
    return found is not None and tuple(found) == (
        FEATURE_VERSION,
        _n_corrections(session, poem_set_id),
    )


def comparison_of(session: Session, poem_set_id: int) -> SourceComparison | None:
    """The last one, whether it still holds or not."""
    return session.get(SourceComparison, poem_set_id)


def compare_set(engine: Engine, poem_set_id: int) -> Iterator[tuple[int, int]]:
    """Compute and store it; after every step, how many of how many are done. A set that is not
    measured yet is left alone: the end of its measuring asks again. No transaction lasts longer
    than a step reads, so that votes never wait for it."""
    with transaction(engine, write=False) as session:
        if session.get(PoemSet, poem_set_id) is None or unmeasured(session, poem_set_id):
            return
        n_corrections = _n_corrections(session, poem_set_id)
        n_poems = session.get_one(PoemSet, poem_set_id).n_poems
    total = len(FEATURES) + -(-n_poems // _AT_ONCE) + 1
    features: dict[str, Found] = {}
    for feature in FEATURES:
        with transaction(engine, write=False) as session:
            features[feature.name] = _compare(session, poem_set_id, feature)
        yield len(features), total
    pairs: dict[str, list[Pairs]] = {}
    for done in _collect_pairs(engine, poem_set_id, pairs):
        yield min(len(features) + done, total - 1), total
    rhymes = rhyme_stock(
        {source: pairs[source] for source in _in_order(pairs)},
        corpus=corpus_counts(),
        unlisted=lambda one, other: commonness(one, other).count,
    )
    with transaction(engine, write=True) as session:
        session.merge(
            SourceComparison(
                poem_set_id=poem_set_id,
                made_at=utc_now(),
                feature_version=FEATURE_VERSION,
                n_corrections=n_corrections,
                features=features,
                rhymes=rhymes.as_dict(),
            )
        )
    yield total, total


def usual_stanza(scheme: str) -> str:
    """The scheme of the stanzas that a poem has most of. Of stanzas longer than eight lines it is
    that of their two or four lines, where all of them are alike."""
    if not scheme:
        return UNRHYMED
    stanzas = (_repeated(read_scheme(stanza)) for stanza in scheme.split())
    ((usual, _n),) = Counter(stanzas).most_common(1)
    return usual


def _repeated(labels: Labels) -> str:
    if not any(labels):
        return UNRHYMED
    for n_lines in (2, 4) if len(labels) > _LONGEST_STANZA else ():
        parts = {_tidy(labels[first : first + n_lines]) for first in range(0, len(labels), n_lines)}
        if len(parts) == 1 and (part := parts.pop()).strip("-"):
            return part
    return _tidy(labels)


def _tidy(labels: Labels) -> str:
    return write_scheme(tidy_scheme(labels), [len(labels)])


def _compare(session: Session, poem_set_id: int, feature: Feature) -> Found:
    if feature.kind == "label":
        return _labels(session, poem_set_id, feature.name)
    return _numbers(session, poem_set_id, feature)


def _numbers(session: Session, poem_set_id: int, feature: Feature) -> Found:
    """Edges of bins, and a distribution of all poems and of those of each source."""
    statement = _of_set(select(col(Poem.source), col(PoemFeature.value)), poem_set_id, feature.name)
    by_source: dict[str, list[float]] = {}
    for source, value in session.execute(statement):
        by_source.setdefault(source, []).append(math.nan if value is None else value)
    arrays = {source: np.array(by_source[source]) for source in _in_order(by_source)}
    everything = np.concatenate([*arrays.values()]) if arrays else np.array([])
    edges = bin_edges(everything, low=feature.low, high=feature.high)
    return {
        "edges": edges.tolist(),
        "n_outside": int(((everything < edges[0]) | (everything > edges[-1])).sum()),
        "all": _described(everything, edges),
        "sources": {source: _described(values, edges) for source, values in arrays.items()},
    }


def _described(values: Values, edges: Values) -> Found:
    found = describe(values, edges)
    return asdict(found) if found else {"n": 0, "n_missing": len(values)}


def _labels(session: Session, poem_set_id: int, name: str) -> Found:
    """The most frequent labels, and how many poems have each, of all and of each source."""
    statement = _of_set(
        select(col(Poem.source), col(PoemFeature.label), func.count()), poem_set_id, name
    ).group_by(col(Poem.source), col(PoemFeature.label))
    by_source: dict[str, Counter[str | None]] = {}
    for source, label, n_poems in session.execute(statement):
        shown = usual_stanza(label) if label is not None and name == SCHEME else label
        by_source.setdefault(source, Counter())[shown] += n_poems
    everything = sum(by_source.values(), Counter[str | None]())
    ranked = sorted((-n, label) for label, n in everything.items() if label is not None)
    labels = [label for _n, label in ranked[:MOST_LABELS]]
    return {
        "labels": labels,
        "all": _counted(everything, labels),
        "sources": {source: _counted(by_source[source], labels) for source in _in_order(by_source)},
    }


def _counted(found: Counter[str | None], labels: Sequence[str]) -> Found:
    """Poems with each label; those with another are the rest."""
    n, counts = found.total() - found[None], {label: found[label] for label in labels}
    return {
        "n": n,
        "n_missing": found[None],
        "counts": counts,
        "rest": n - sum(counts.values()),
    }


def _of_set(statement: Chosen, poem_set_id: int, name: str) -> Chosen:
    return statement.join(
        PoemFeature,
        and_(col(PoemFeature.poem_id) == col(Poem.id), col(PoemFeature.name) == name),
    ).where(col(Poem.poem_set_id) == poem_set_id)


def _collect_pairs(
    engine: Engine, poem_set_id: int, pairs: dict[str, list[Pairs]]
) -> Iterator[int]:
    """The rhymes of each source's poems, by the schemes as they are stored or corrected."""
    known: dict[tuple[str, str], tuple[str, str]] = {}  # each pair once, however often it is used
    done, last = 0, 0
    while True:
        with transaction(engine, write=False) as session:
            rows = _schemes(session, poem_set_id, after=last)
        if not rows:
            return
        for _id, source, text, scheme in rows:
            found = rhyme_pairs(ParsedPoem(text, read_scheme(scheme))) if scheme else ()
            pairs.setdefault(source, []).append([known.setdefault(pair, pair) for pair in found])
        done, last = done + 1, rows[-1][0]
        yield done


def _schemes(
    session: Session, poem_set_id: int, *, after: int
) -> list[tuple[int, str, str, str | None]]:
    """Row number, source, text and scheme of the next poems."""
    statement = (
        _of_set(
            select(col(Poem.id), col(Poem.source), col(Poem.text), col(PoemFeature.label)),
            poem_set_id,
            SCHEME,
        )
        .where(col(Poem.id) > after)
        .order_by(col(Poem.id))
        .limit(_AT_ONCE)
    )
    return [tuple(row) for row in session.execute(statement)]


def _n_corrections(session: Session, poem_set_id: int) -> int:
    statement = (
        select(func.count())
        .select_from(SchemeCorrection)
        .join(Poem, col(Poem.id) == col(SchemeCorrection.poem_id))
        .where(col(Poem.poem_set_id) == poem_set_id)
    )
    found: int = session.execute(statement).scalar_one()
    return found


def _in_order(sources: Iterable[str]) -> list[str]:
    return sorted(sources, key=lambda source: (source.casefold(), source))
