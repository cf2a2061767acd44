"""Parts of a variance by rater, by prompt and by both: of a coefficient, and of a difference."""

from dataclasses import dataclass

import numpy as np

from app.analysis.clusters import Bools, Floats, Influence
from app.analysis.preference import sums


@dataclass(frozen=True, slots=True)
class Components:
    """Parts of a variance: V_R, V_P, V_RP; squared units of the coefficient."""

    rater: float
    prompt: float
    cells: float

    @property
    def two_way(self) -> float:
        """V_R + V_P - V_RP, and never less than either part alone."""
        return max(self.union, self.rater, self.prompt)

    @property
    def union(self) -> float:
        """V_R + V_P - V_RP: every two votes that share a rater or a prompt."""
        return self.rater + self.prompt - self.cells


def components(found: Influence) -> Components:
    """Parts of the variance of one coefficient.

    Parameters
    ----------
    found
        Its influences.

    Returns
    -------
    Components
        V_R = (G-1)/G sum d_r^2; V_P = (P-1)/P (sum d_p^2 - sum d_pq^2); V_RP. Influences that are
        not jackknifed get no factors.

    References
    ----------
    Cameron, A. C., Gelbach, J. B. and Miller, D. L. (2011). Robust inference with multiway
    clustering. Journal of Business & Economic Statistics 29, 238-249.
    Aronow, P. M., Samii, C. and Assenova, V. A. (2015). Cluster-robust variance estimation for
    dyadic data. Political Analysis 23, 564-577.
    """
    raters = _factor(len(found.rater), found.jackknifed)
    return Components(
        rater=raters * float((found.rater**2).sum()),
        prompt=_prompt_variance(found.prompt, found.touched, found.pair, found.jackknifed),
        cells=found.cells,
    )


def difference_components(of: Influence, less: Influence) -> Components:
    """Parts of the variance of the difference of two groups' coefficients.

    Parameters
    ----------
    of, less
        Influences on the one coefficient and on the one subtracted from it; no rater in common,
        prompts numbered alike.

    Returns
    -------
    Components
        V_R and V_RP add; for V_P the prompts' influences are subtracted before they are squared.
    """
    one, other = components(of), components(less)
    keys = np.concatenate([of.pair_prompts, less.pair_prompts])
    moved = np.concatenate([of.pair, -less.pair])
    distinct, index = np.unique(keys, return_inverse=True)
    return Components(
        rater=one.rater + other.rater,
        prompt=_prompt_variance(
            of.prompt - less.prompt,
            of.touched | less.touched,
            sums(index, moved, len(distinct)),
            of.jackknifed,
        ),
        cells=one.cells + other.cells,
    )


def _prompt_variance(prompt: Floats, touched: Bools, pair: Floats, jackknifed: bool) -> float:
    factor = _factor(int(touched.sum()), jackknifed)
    return factor * float((prompt**2).sum() - (pair**2).sum())


def _factor(clusters: int, jackknifed: bool) -> float:
    return (clusters - 1) / clusters if jackknifed else 1.0
