"""Ratings with intervals by arena-rank of a file of pairs: `arena.py VOTES`, run in the peers' own
environment. The file holds model_a, model_b and the share of the choice that model_a got."""

import argparse
import json
from resource import RUSAGE_SELF, getrusage
from time import process_time

import pandas as pd
from arena_rank.models.bradley_terry import BradleyTerry  # type: ignore[import-not-found]  # peers
from arena_rank.utils.data_utils import PairDataset  # type: ignore[import-not-found]  # peers

WINNERS = {0.0: "model_b", 0.5: "tie", 1.0: "model_a"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("votes")
    votes = pd.read_csv(parser.parse_args().votes)
    votes = votes[votes["model_a"] != votes["model_b"]]
    votes["winner"] = votes["share"].map(WINNERS)
    begun = process_time()
    pairs = PairDataset.from_pandas(votes)
    model = BradleyTerry(n_competitors=len(pairs.competitors))
    found = model.compute_ratings_and_cis(pairs)
    taken = process_time() - begun
    ratings = [float(rating) / model.alpha for rating in found["ratings"]]
    mean = sum(ratings) / len(ratings)
    strengths = {name: one - mean for name, one in zip(pairs.competitors, ratings, strict=True)}
    peak = getrusage(RUSAGE_SELF).ru_maxrss / 1e6
    print(json.dumps({"seconds": taken, "gigabytes": peak, "strengths": strengths}))


if __name__ == "__main__":
    main()
