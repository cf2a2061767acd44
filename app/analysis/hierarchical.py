"""The secondary model: a hierarchical logit that names each source of variation, by NUTS.

Needs the optional extra ``blindverse[bayes]`` (NumPyro), which is loaded when it is used.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from app.analysis.comparison import COMPARED
from app.analysis.diagnostics import GroupVotes, group_votes, require_enough
from app.analysis.options import Group, NotIdentified, Options
from app.analysis.sampling import Draws, Posterior, Progress, Sampling, posterior, sample
from app.analysis.usable import usable_controls
from app.analysis.votes import VoteTable

MOST_VOTES = 50_000
PRIOR_SD, SPREAD_SD = 1.5, 0.7
PROMPT = "prompt_feature"
SPREADS = ("rater_feature", "rater_side", PROMPT, "poem", "poem_by_group")
FLATTER = (16 * 3**0.5 / (15 * np.pi)) ** 2  # a logistic curve as a normal one, per variance

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Slope:
    """The effect of the feature on one group.

    Parameters
    ----------
    typical
        Natural log odds per unit of the feature, of a rater, prompt and pair without deviations.
    averaged
        The same averaged over raters, prompts and poems, as the main estimate is.
    win_share
        That in a win share, 0 to 1.
    """

    typical: Posterior
    averaged: Posterior
    win_share: Posterior


@dataclass(frozen=True, slots=True)
class Hierarchical:
    """The fitted model.

    Parameters
    ----------
    slopes
        By group.
    typical, averaged
        Non-experts less experts, as in `Slope`; None unless both are there.
    spreads
        Standard deviations by name of `SPREADS`, natural log odds; none of prompts where no pair
        has one.
    votes, of
        Votes used, and votes there were.
    draws
        Draws of all chains together.
    divergences
        Steps of the sampler that went astray; any is a reason for doubt.
    """

    slopes: dict[Group, Slope]
    typical: Posterior | None
    averaged: Posterior | None
    spreads: dict[str, Posterior]
    votes: int
    of: int
    draws: int
    divergences: int

    @property
    def effects(self) -> list[Posterior]:
        """What must have settled before anything is shown."""
        found = [one.typical for one in self.slopes.values()]
        found += [one.averaged for one in self.slopes.values()]
        return found + [one for one in (self.typical, self.averaged) if one is not None]

    @property
    def settled(self) -> bool:
        """Whether the chains agree on every effect, with draws enough and none astray."""
        return self.divergences == 0 and all(one.settled for one in self.effects)


@dataclass(frozen=True, slots=True, eq=False)
class _Data:
    """Arrays of the model, of shape (n_votes,) where nothing else is said."""

    groups: tuple[Group, ...]
    group: Ints
    rater: Ints
    left: Ints
    right: Ints
    prompt: Ints  # n_prompts where the two poems answer different ones
    feature: Floats
    controls: Floats  # (n_votes, k), in standard deviations
    outcome: Floats
    n_raters: int
    n_poems: int
    n_prompts: int
    step: float


def fit_hierarchical(
    table: VoteTable,
    options: Options,
    sampling: Sampling | None = None,
    *,
    progress: Progress | None = None,
) -> Hierarchical:
    """Sample the hierarchical model.

    Parameters
    ----------
    table
        The votes.
    options
        `adjust` names the controls; ties count as half.
    sampling
        How long to sample; None for the defaults.
    progress
        Told how many steps are done of the most that there may be.

    Returns
    -------
    Hierarchical
        Of all votes, or of 50,000 drawn from them by the seed.

    Raises
    ------
    NotIdentified
        No group has votes enough; the message is a sentence.
    ModuleNotFoundError
        The extra is not installed.

    Notes
    -----
    A logit whose terms vary normally with variance v is, averaged, nearly a logit with coefficients
    divided by sqrt(1 + 0.346 v) (Zeger, Liang and Albert 1988); v is that of two poems of one
    prompt that differ by one unit of the feature.
    """
    sampling = sampling or Sampling()
    data, of = _data(table, options, np.random.default_rng(sampling.seed))
    spreads = [one for one in SPREADS if one != PROMPT or (data.prompt < data.n_prompts).any()]
    names = ("theta", "side", *(f"sd_{name}" for name in spreads))

    def found(draws: Draws, divergences: int = 0) -> Hierarchical:
        return _summed_up(draws, data, of, divergences)

    def settled(draws: Draws) -> bool:
        now = found(draws)
        return now.settled and all(one.settled for one in now.spreads.values())

    draws, diverged = sample(
        lambda: _model(data), names, sampling, settled=settled, progress=progress
    )
    return found(draws, diverged)


def _summed_up(draws: Draws, data: _Data, of: int, divergences: int) -> Hierarchical:
    spreads = {name: draws[f"sd_{name}"] for name in SPREADS if f"sd_{name}" in draws}
    flatter = np.sqrt(1 + FLATTER * _variance(spreads))[..., None]
    theta, side = draws["theta"], draws["side"]
    averaged = theta / flatter
    moved, side = data.step * averaged, side / flatter
    share = (expit(moved + side) + expit(moved - side)) / 2
    both = len(data.groups) == len(COMPARED)
    return Hierarchical(
        slopes={
            group: Slope(*(posterior(one[:, :, ix]) for one in (theta, averaged, share)))
            for ix, group in enumerate(data.groups)
        },
        typical=posterior(theta[:, :, 0] - theta[:, :, 1]) if both else None,
        averaged=posterior(averaged[:, :, 0] - averaged[:, :, 1]) if both else None,
        spreads={name: posterior(one) for name, one in spreads.items()},
        votes=len(data.outcome),
        of=of,
        draws=theta.shape[0] * theta.shape[1],
        divergences=divergences,
    )


def _variance(sd: dict[str, Floats]) -> Floats:
    """Of the log odds of two poems of one prompt that differ by one unit; both poems vary."""
    poems = sd["poem"] ** 2 + sd["poem_by_group"] ** 2
    raters = sd["rater_side"] ** 2 + sd["rater_feature"] ** 2
    return raters + sd.get(PROMPT, np.zeros_like(raters)) ** 2 + 2 * poems


def _data(table: VoteTable, options: Options, rng: np.random.Generator) -> tuple[_Data, int]:
    found: list[GroupVotes] = []
    reasons = []
    for one in COMPARED:
        votes = group_votes(table, one, options.ties)
        try:
            require_enough(votes)
        except NotIdentified as reason:
            reasons.append(str(reason))
        else:
            found.append(votes)
    if not found:
        raise NotIdentified(" ".join(dict.fromkeys(reasons)))
    names = options.adjust or ()
    kept = [name for name in names if all(name in usable_controls(of, names) for of in found)]
    rows = np.concatenate([votes.rows for votes in found])
    group = np.repeat(np.arange(len(found)), [len(votes.rows) for votes in found])
    n_votes = len(rows)
    if n_votes > MOST_VOTES:
        chosen = np.sort(rng.choice(n_votes, MOST_VOTES, replace=False))
        rows, group = rows[chosen], group[chosen]
    left, right = table.left[rows], table.right[rows]
    columns = [table.values[:, 1 + table.controls.index(name)] for name in kept]
    controls = np.column_stack([c[left] - c[right] for c in columns] or [np.zeros((len(rows), 0))])
    scale = np.sqrt(np.mean(controls**2, axis=0))
    n_prompts = len(table.prompts)
    same = table.prompt[left] == table.prompt[right]
    return (
        _Data(
            groups=tuple(votes.group for votes in found),
            group=group,
            rater=np.unique(table.rater[rows], return_inverse=True)[1],
            left=left,
            right=right,
            prompt=np.where(same, table.prompt[left], n_prompts),
            feature=table.values[left, 0] - table.values[right, 0],
            controls=controls / scale,
            outcome=table.outcome[rows],
            n_raters=len(np.unique(table.rater[rows])),
            n_poems=len(table.poems),
            n_prompts=n_prompts,
            step=table.step,
        ),
        n_votes,
    )


def _model(data: _Data) -> None:
    import jax.numpy as jnp
    import numpyro
    import numpyro.distributions as dist

    n_groups = len(data.groups)

    def effects(name: str, *shape: int) -> Any:  # Any: an array of JAX
        """Normal effects, non-centred."""
        sd = numpyro.sample(f"sd_{name}", dist.HalfNormal(SPREAD_SD))
        return sd * numpyro.sample(f"{name}_raw", dist.Normal(0, 1).expand(shape).to_event())

    wide = dist.Normal(0, PRIOR_SD)
    side = numpyro.sample("side", wide.expand((n_groups,)).to_event())
    theta = numpyro.sample("theta", wide.expand((n_groups,)).to_event())
    eta = side[data.group] + effects("rater_side", data.n_raters)[data.rater]
    slope = theta[data.group] + effects("rater_feature", data.n_raters)[data.rater]
    if (data.prompt < data.n_prompts).any():
        prompt = effects(PROMPT, data.n_prompts)
        slope = slope + jnp.append(prompt, 0.0)[data.prompt]
    eta = eta + slope * data.feature
    if data.controls.shape[1]:
        shape = (n_groups, data.controls.shape[1])
        gamma = numpyro.sample("gamma", wide.expand(shape).to_event())
        eta = eta + (gamma[data.group] * data.controls).sum(axis=1)
    poem = effects("poem", data.n_poems)
    own = effects("poem_by_group", n_groups, data.n_poems)
    eta = eta + poem[data.left] - poem[data.right]
    eta = eta + own[data.group, data.left] - own[data.group, data.right]
    numpyro.factor("votes", (data.outcome * eta - jnp.logaddexp(0.0, eta)).sum())
