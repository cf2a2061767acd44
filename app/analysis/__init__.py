"""Votes in, frozen results out: how much a feature of poems drives choices, and whose."""

from app.analysis.columns import InvalidVotes
from app.analysis.comparison import Comparison
from app.analysis.diagnostics import Counts, Data
from app.analysis.diversity import RhymeStock, rhyme_stock
from app.analysis.effects import Difference, GroupEffect
from app.analysis.options import (
    Exclusions,
    Experts,
    Group,
    NotIdentified,
    Options,
    Ties,
    Variance,
    Weights,
)
from app.analysis.report import Analysis, analyse
from app.analysis.votes import VoteTable

__all__ = [
    "Analysis",
    "Comparison",
    "Counts",
    "Data",
    "Difference",
    "Exclusions",
    "Experts",
    "Group",
    "GroupEffect",
    "InvalidVotes",
    "NotIdentified",
    "Options",
    "RhymeStock",
    "Ties",
    "Variance",
    "VoteTable",
    "Weights",
    "analyse",
    "rhyme_stock",
]
