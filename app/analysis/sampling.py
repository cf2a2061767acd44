"""Draws from a posterior by NUTS, in short runs: progress can be told, and sampling ends when it
has settled.

Needs the optional extra ``blindverse[bayes]`` (NumPyro), which is loaded when it is used.
"""

import importlib.util
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

AT_ONCE = 50  # steps between two words of progress
ACCEPT = 0.95  # short steps: a posterior with standard deviations near 0 is narrow there
LEAST_ESS = 400.0
MOST_RHAT = 1.01
EXTRA = "pip install 'blindverse[bayes]'"

Floats = NDArray[np.float64]
Draws = dict[str, Floats]  # shape (chains, draws, ...)
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Sampling:
    """How long and from where to sample.

    Parameters
    ----------
    warmup
        Steps of each chain that are thrown away.
    draws, most
        Steps of each chain that are kept: so many, and as many again until all has settled, but no
        more than `most`.
    chains
        Number of chains, one after the other.
    seed
        Of the sampler, and of a subsample of the votes.
    """

    warmup: int = 500
    draws: int = 500
    most: int = 3_000
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

    @property
    def settled(self) -> bool:
        """Whether R-hat is below 1.01 and there are 400 effective draws."""
        return self.rhat < MOST_RHAT and self.ess >= LEAST_ESS


def is_installed() -> bool:
    """Tell whether the optional extra is there.

    Returns
    -------
    bool
        Whether NumPyro can be loaded.
    """
    return importlib.util.find_spec("numpyro") is not None


def posterior(draws: Floats) -> Posterior:
    """Sum up the draws of one quantity.

    Parameters
    ----------
    draws
        Shape (chains, draws).

    Returns
    -------
    Posterior
        In the unit of the draws.
    """
    from numpyro.diagnostics import effective_sample_size, split_gelman_rubin

    low, high = np.quantile(draws, (0.025, 0.975))
    return Posterior(
        mean=float(draws.mean()),
        sd=float(draws.std(ddof=1)),
        low=float(low),
        high=float(high),
        rhat=float(split_gelman_rubin(draws)),
        ess=float(effective_sample_size(draws)),
    )


def sample(
    model: Callable[[], None],
    names: Sequence[str],
    sampling: Sampling,
    *,
    settled: Callable[[Draws], bool],
    progress: Progress | None = None,
) -> tuple[Draws, int]:
    """Sample a model.

    Parameters
    ----------
    model
        A model of NumPyro without arguments.
    names
        Sites whose draws are kept.
    sampling
        How long, and from where.
    settled
        Tells of the draws so far whether they are enough.
    progress
        Told how many steps are done of the most that there may be.

    Returns
    -------
    dict of arrays, int
        Draws by site; number of steps kept in which the integrator diverged.

    Raises
    ------
    ModuleNotFoundError
        The extra is not installed.

    References
    ----------
    Hoffman, M. D. and Gelman, A. (2014). The No-U-Turn sampler. Journal of Machine Learning
    Research 15, 1593-1623.
    """
    import jax
    from numpyro.infer import NUTS

    kernel = NUTS(model, target_accept_prob=ACCEPT)
    keys = jax.random.split(jax.random.PRNGKey(sampling.seed), sampling.chains)
    states = [kernel.init(key, sampling.warmup, None, (), {}) for key in keys]
    total = sampling.chains * (sampling.warmup + sampling.most)
    done = 0

    def step(state: Any, _: None) -> tuple[Any, Any]:  # Any: JAX's own
        after = kernel.sample(state, (), {})
        found = kernel.postprocess_fn((), {})(after.z)
        return after, ({name: found[name] for name in names}, after.diverging)

    run = jax.jit(lambda state: jax.lax.scan(step, state, None, length=AT_ONCE))

    def go(steps: int) -> tuple[Draws, int]:
        """Move every chain on."""
        nonlocal done
        kept: list[list[Draws]] = []
        astray = 0
        for ix, state in enumerate(states):
            kept.append([])
            for _ in range(-(-steps // AT_ONCE)):
                state, (found, diverging) = run(state)  # noqa: PLW2901  # where the chain is now
                kept[-1].append({name: np.asarray(one, np.float64) for name, one in found.items()})
                astray += int(diverging.sum())
                done += AT_ONCE
                if progress:
                    progress(min(done, total), total)
            states[ix] = state
        return {
            name: np.stack([np.concatenate([one[name] for one in chain]) for chain in kept])
            for name in names
        }, astray

    go(sampling.warmup)
    draws, diverged = go(sampling.draws)
    while draws[names[0]].shape[1] < sampling.most and not settled(draws):
        more, astray = go(min(sampling.draws, sampling.most - draws[names[0]].shape[1]))
        draws = {name: np.concatenate([draws[name], more[name]], axis=1) for name in names}
        diverged += astray
    return draws, diverged
