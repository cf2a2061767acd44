"""The secondary model: a hierarchical logit that names each source of variation, by NUTS.

Needs the optional extra ``blindverse[bayes]`` (NumPyro); nothing else imports it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.analysis.comparison import COMPARED
from app.analysis.diagnostics import GroupVotes, group_votes, require_enough
from app.analysis.options import Group, NotIdentified, Options
from app.analysis.parts import Part, PartColumn, declined
from app.analysis.usable import usable_controls
from app.analysis.votes import VoteTable
from app.analysis.wording import PEOPLE, counted, feature_words

NAME, TITLE = "hierarchical", "What does a model with every source of variation say?"
MOST_VOTES = 50_000
LEAST_ESS = 400.0
MOST_RHAT = 1.01
PRIOR_SD, SPREAD_SD = 1.5, 0.7
METHOD = """\
For a vote by rater r of group g on poems i (left) and j (right), logit p = side_g + s_r +
(theta_g + b_r + c_q)(x_i - x_j) + gamma_g'(z_i - z_j) + u_i - u_j + w_gi - w_gj, with x the
feature, z the controls, and normal effects of raters on side and feature (s, b), of prompts on the
feature (c, where both poems answer one prompt), of poems (u) and of poems by group (w). A tie
counts as half a choice for each side. Priors: Normal(0, 1.5) for side, theta (per unit of the
feature) and gamma (per standard deviation of a control's differences), HalfNormal(0.7) for the
standard deviations. Sampled by NUTS, non-centred. These coefficients are those of a typical rater,
prompt and pair of poems. They lie further from 0 than the marginal ones of the primary estimate;
the two are not to be subtracted from each other.

Hoffman, M. D. and Gelman, A. (2014). The No-U-Turn sampler. Journal of Machine Learning Research
15, 1593-1623. Phan, D., Pradhan, N. and Jankowiak, M. (2019). Composable effects for flexible and
accelerated probabilistic programming in NumPyro. arXiv 1912.11554."""

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Draws = Mapping[str, Any]  # Any: arrays of JAX


@dataclass(frozen=True, slots=True)
class Sampling:
    """How long and from where to sample.

    Parameters
    ----------
    warmup, draws, chains
        Steps thrown away and kept per chain; number of chains.
    seed
        Of the sampler and of the subsample.
    """

    warmup: int = 500
    draws: int = 500
    chains: int = 2
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Posterior:
    """What is believed of one quantity.

    Parameters
    ----------
    mean, sd, low, high
        Mean, standard deviation and 2.5 and 97.5% points of its draws, in its unit.
    rhat, ess
        Gelman and Rubin's R-hat (split) and the effective number of draws.
    """

    mean: float
    sd: float
    low: float
    high: float
    rhat: float
    ess: float


@dataclass(frozen=True, slots=True)
class Hierarchical:
    """The fitted model.

    Parameters
    ----------
    effects
        Natural log odds per unit of the feature, by group.
    difference
        Non-experts less experts; None unless both are there.
    spreads
        Standard deviations between raters, poems and prompts, natural log odds.
    votes, of
        Votes used, and votes there were.
    divergences
        Steps of the sampler that went astray; any is a reason for doubt.
    """

    effects: dict[Group, Posterior]
    difference: Posterior | None
    spreads: dict[str, Posterior]
    votes: int
    of: int
    divergences: int

    @property
    def converged(self) -> bool:
        """Whether every R-hat is below 1.01 and every effect has 400 effective draws."""
        found = [*self.effects.values(), *([self.difference] if self.difference else [])]
        return self.divergences == 0 and all(
            one.rhat < MOST_RHAT and one.ess >= LEAST_ESS for one in found
        )


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


def fit_hierarchical(
    table: VoteTable, options: Options, sampling: Sampling | None = None
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
    """
    sampling = sampling or Sampling()
    data, of = _data(table, options, np.random.default_rng(sampling.seed))
    samples, extra = _sample(data, sampling)
    theta = np.asarray(samples["theta"])
    effects = {g: _posterior(theta[:, :, ix]) for ix, g in enumerate(data.groups)}
    both = len(data.groups) == len(COMPARED)
    spreads = {
        name.removeprefix("sd_"): _posterior(np.asarray(draws))
        for name, draws in samples.items()
        if name.startswith("sd_")
    }
    return Hierarchical(
        effects=effects,
        difference=_posterior(theta[:, :, 0] - theta[:, :, 1]) if both else None,
        spreads=spreads,
        votes=len(data.outcome),
        of=of,
        divergences=int(np.asarray(extra["diverging"]).sum()),
    )


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
        ),
        n_votes,
    )


def _sample(data: _Data, sampling: Sampling) -> tuple[Draws, Draws]:
    import jax
    from numpyro.infer import MCMC, NUTS

    # One chain after the other, so that a seed gives the same draws on any number of cores.
    mcmc = MCMC(
        NUTS(lambda: _model(data)),
        num_warmup=sampling.warmup,
        num_samples=sampling.draws,
        num_chains=sampling.chains,
        chain_method="sequential",
        progress_bar=False,
    )
    mcmc.run(jax.random.PRNGKey(sampling.seed), extra_fields=("diverging",))
    return mcmc.get_samples(group_by_chain=True), mcmc.get_extra_fields(group_by_chain=True)


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
    prompt = effects("prompt_feature", data.n_prompts)
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


def _posterior(draws: Floats) -> Posterior:
    """Of draws of shape (chains, draws)."""
    from numpyro.diagnostics import effective_sample_size, split_gelman_rubin

    draws = np.asarray(draws, dtype=np.float64)
    low, high = np.quantile(draws, (0.025, 0.975))
    return Posterior(
        mean=float(draws.mean()),
        sd=float(draws.std(ddof=1)),
        low=float(low),
        high=float(high),
        rhat=float(split_gelman_rubin(draws)),
        ess=float(effective_sample_size(draws)),
    )


COLUMNS = (
    PartColumn("quantity", "Quantity", "What the row is about", "text"),
    PartColumn(
        "mean",
        "Log odds (95% interval)",
        "Mean of the draws, natural log odds",
        low="low",
        high="high",
    ),
    PartColumn("low", "2.5%", "Lower end of the 95% interval"),
    PartColumn("high", "97.5%", "Upper end of the 95% interval"),
    PartColumn("rhat", "R-hat", "Gelman and Rubin's statistic; 1.00 where the chains agree"),
    PartColumn("ess", "Effective draws", "Independent draws that these are worth", "count"),
)


def hierarchical_part(table: VoteTable, options: Options, sampling: Sampling | None = None) -> Part:
    """Give the hierarchical model as a part of a report.

    Parameters
    ----------
    table, options, sampling
        As of `fit_hierarchical`.

    Returns
    -------
    Part
        A row for each group's effect, the difference, and each standard deviation; or why there
        is no number.
    """
    try:
        found = fit_hierarchical(table, options, sampling)
    except NotIdentified as reason:
        return declined(NAME, TITLE, str(reason), method=METHOD)
    return as_part(found, table.feature)


def as_part(found: Hierarchical, feature: str) -> Part:
    """Show a fitted model as a part of a report.

    Parameters
    ----------
    found
        The model.
    feature
        Column whose effect was asked for.

    Returns
    -------
    Part
        As `hierarchical_part` gives it.
    """
    rows = [
        *((f"Effect among {PEOPLE[group]}", one) for group, one in found.effects.items()),
        *([("Non-experts less experts", found.difference)] if found.difference else []),
        *((f"Spread: {name.replace('_', ' ')}", one) for name, one in found.spreads.items()),
    ]
    return Part(
        NAME,
        TITLE,
        _sentence(feature, found),
        columns=COLUMNS,
        rows=tuple(
            {
                "quantity": name,
                "mean": one.mean,
                "low": one.low,
                "high": one.high,
                "rhat": one.rhat,
                "ess": round(one.ess),
            }
            for name, one in rows
        ),
        method=METHOD,
        notes=_notes(found),
        data={"votes": found.votes, "of": found.of, "divergences": found.divergences},
    )


def _sentence(feature: str, found: Hierarchical) -> str:
    noun = feature_words(feature).noun
    if found.difference is None:
        (group,) = found.effects
        one = found.effects[group]
        return (
            f"For a typical rater among {PEOPLE[group]}, {noun} moves the log odds by "
            f"{one.mean:.2f} (95% interval {one.low:.2f} to {one.high:.2f})."
        )
    one = found.difference
    way = (
        "counts for more with non-experts"
        if one.low > 0
        else "counts for less with non-experts"
        if one.high < 0
        else "is not shown to count differently"
    )
    return (
        f"In this model too, {noun} {way}: the difference in log odds for typical raters is "
        f"{one.mean:.2f} (95% interval {one.low:.2f} to {one.high:.2f})."
    )


def _notes(found: Hierarchical) -> tuple[str, ...]:
    notes = []
    if found.votes < found.of:
        notes.append(f"{counted(found.votes, 'vote')} drawn from {found.of:,} were used.")
    if not found.converged:
        notes.append(
            "The sampler has not settled (R-hat, effective draws or divergences fall short): "
            "sample longer before reading these numbers."
        )
    return tuple(notes)
