"""How precise an estimate is: its variance, degrees of freedom and interval."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from app.analysis.components import Components
from app.analysis.options import CONFIDENCE, Variance
from app.analysis.preference import LogitFit

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Spread:
    """A variance and its degrees of freedom.

    Parameters
    ----------
    variance
        Squared units of the estimate.
    df
        Degrees of freedom of the t distribution.
    """

    variance: float
    df: float

    def interval(self, estimate: float) -> tuple[float, float]:
        """Ends of the 95% interval around an estimate.

        Parameters
        ----------
        estimate
            The estimate.

        Returns
        -------
        low, high
            estimate -+ t(df) sqrt(variance).

        Examples
        --------
        >>> [round(end, 2) for end in Spread(variance=1.0, df=10.0).interval(0.0)]
        [-2.23, 2.23]
        """
        reach = float(stdtrit(self.df, (1 + CONFIDENCE) / 2)) * math.sqrt(self.variance)
        return estimate - reach, estimate + reach


def pooled(parts: tuple[Spread, ...]) -> Spread:
    """Sum of independent variances.

    Parameters
    ----------
    parts
        Variances, each with its degrees of freedom.

    Returns
    -------
    Spread
        The sum V, with V^2 / sum (v^2 / df).

    References
    ----------
    Satterthwaite, F. E. (1946). An approximate distribution of estimates of variance components.
    Biometrics Bulletin 2, 110-114.

    Examples
    --------
    >>> pooled((Spread(1.0, 10.0), Spread(1.0, 10.0)))
    Spread(variance=2.0, df=20.0)
    """
    variance = sum(part.variance for part in parts)
    return Spread(variance, _satterthwaite(variance, parts))


def clustered(kind: Variance, parts: Components, raters: tuple[Spread, ...], df: float) -> Spread:
    """Variance of an estimate whose votes share raters and prompts.

    Parameters
    ----------
    kind
        Two-way or rater.
    parts
        V_R, V_P and V_RP.
    raters
        V_R of each group, with its degrees of freedom; they sum to that of the parts.
    df
        Degrees of freedom of V_P.

    Returns
    -------
    Spread
        V and V^2 / (sum V_R^2 / df_R + V_P^2 / df_P), not below 1; for raters alone V_R and its
        own.
    """
    if kind is Variance.RATER:
        return pooled(raters)
    variance = parts.two_way
    return Spread(variance, _satterthwaite(variance, (*raters, Spread(parts.prompt, df))))


def _satterthwaite(variance: float, parts: tuple[Spread, ...]) -> float:
    """Not below 1: where parts overlap, their sum may be more than the whole."""
    share = sum(part.variance**2 / part.df for part in parts)
    return max(variance**2 / share, 1.0) if share > 0 else 1.0


def naive_variance(x: Floats, fit: LogitFit, contrast: Floats) -> float:
    """Variance of c'b as if every vote stood alone and the model held exactly.

    Parameters
    ----------
    x
        Columns, shape (n_votes, k).
    fit
        The fit.
    contrast
        c, shape (k,).

    Returns
    -------
    float
        c' H^-1 (sum w^2 p (1 - p) x x') H^-1 c, which for equal weights is c' H^-1 c.
    """
    toward = x @ np.linalg.solve(fit.hessian, contrast)
    return float((fit.weight * fit.curvature) @ toward**2)


def rater_df(variance: Floats) -> float:
    """Effective degrees of freedom of the raters' part.

    Parameters
    ----------
    variance
        v_r = J_r + tau^2 I_r^2 of each rater, shape (n_raters,).

    Returns
    -------
    float
        (sum v)^2 / sum v^2 - 1, held between 1 and n_raters - 1.
    """
    squares = float((variance**2).sum())
    df = float(variance.sum()) ** 2 / squares - 1 if squares > 0 else 1.0
    return min(max(df, 1.0), max(len(variance) - 1.0, 1.0))


def prompt_df(prompt: Floats, n_prompts: int) -> float:
    """Effective degrees of freedom of the prompts' part.

    Parameters
    ----------
    prompt
        d_p, shape (n_prompts or more,).
    n_prompts
        Number of prompts touched.

    Returns
    -------
    float
        3 (sum d_p^2)^2 / sum d_p^4 - 2, held between 1 and n_prompts - 1.
    """
    fourth = float((prompt**4).sum())
    df = 3 * float((prompt**2).sum()) ** 2 / fourth - 2 if fourth > 0 else 1.0
    return min(max(df, 1.0), max(n_prompts - 1.0, 1.0))
