"""Bradley-Terry: strengths from comparisons in pairs, with side, predictors and half ties."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from app.analysis.options import NotIdentified
from app.analysis.preference import LogitFit, Separated, fit_logit
from app.analysis.terms import SIDE
from app.analysis.wording import listed, plain

DEPENDENT = 1e-9  # share of a column's squares that the other columns leave over
NAMED = 5  # players that a sentence names

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class BradleyTerry:
    """Strengths that explain who won.

    Parameters
    ----------
    names
        The players.
    strengths
        Natural log odds of each against an opponent of mean strength, shape (n_players,), of sum
        0; all 0 where only predictors explain the comparisons.
    coefficients
        Natural log odds per unit of each predictor; "side" is that of standing left.
    x, fit
        Columns of the fit, each of root mean square 1, shape (n_comparisons, k), and the fit.
    contrasts
        strengths = contrasts @ fit.coef, shape (n_players, k).
    scale
        For every predictor, what its column was divided by.
    """

    names: tuple[str, ...]
    strengths: Floats
    coefficients: dict[str, float]
    x: Floats
    fit: LogitFit
    contrasts: Floats
    scale: dict[str, float]

    def covariance(self) -> Floats:
        """Give the covariance of the strengths as if every comparison stood alone.

        Returns
        -------
        ndarray
            C H^-1 C', shape (n_players, n_players); weights are taken for counts.
        """
        found: Floats = self.contrasts @ np.linalg.solve(self.fit.hessian, self.contrasts.T)
        return found

    def coefficient_covariance(self) -> Floats:
        """Give the covariance of the coefficients as if every comparison stood alone.

        Returns
        -------
        ndarray
            In the order of `coefficients`, in their units.
        """
        k = len(self.coefficients)
        scale = np.array([self.scale[name] for name in self.coefficients])
        inverse = np.linalg.inv(self.fit.hessian)[-k:, -k:] if k else np.zeros((0, 0))
        found: Floats = inverse / np.outer(scale, scale)
        return found

    def against(self, reference: str) -> tuple[Floats, Floats]:
        """Give the strengths with one player's as zero.

        Parameters
        ----------
        reference
            Name of that player.

        Returns
        -------
        strengths, se
            Natural log odds against the reference, and plain standard errors.
        """
        at = self.names.index(reference)
        less = self.contrasts - self.contrasts[at]
        variance = np.einsum("ij,ji->i", less, np.linalg.solve(self.fit.hessian, less.T))
        return self.strengths - self.strengths[at], np.sqrt(np.maximum(variance, 0.0))


def fit_bradley_terry(
    left: Ints,
    right: Ints,
    outcome: Floats,
    *,
    names: Sequence[str],
    weight: Floats | None = None,
    side: bool = False,
    predictors: Mapping[str, Floats] | None = None,
    free: bool = True,
    joined: bool = False,
) -> BradleyTerry:
    """Fit strengths by maximum likelihood, without any penalty.

    Parameters
    ----------
    left, right
        Index of the player on each side, shape (n_comparisons,). Where both are equal the
        comparison speaks of side and predictors only.
    outcome
        Share of the left player, 0 to 1; a tie is 1/2.
    names
        The players.
    weight
        How many comparisons each row stands for; None for 1 each.
    side
        Whether standing left counts.
    predictors
        Other columns, left minus right, by name.
    free
        Whether every player has a strength of its own; otherwise the predictors alone make it.
    joined
        Whether `player_sets` has already found the players on one finite scale.

    Returns
    -------
    BradleyTerry
        Strengths and coefficients.

    Raises
    ------
    NotIdentified
        There are fewer than two players; some were never compared with others, not even through
        others; some won every comparison with the others, so that their strengths have no end
        (Ford's condition); a predictor follows from the players; or the outcomes follow side or a
        predictor without exception. The message is a sentence.

    Notes
    -----
    P(left) = expit(a + s_left - s_right + g'z), sum s = 0. Estimates are finite and unique if
    and only if no split of the players exists in which no player of one part won or tied against
    the other (Ford 1957): the graph of who won or tied against whom is strongly connected. With a
    side or predictors that is necessary, and Newton's method finds what is not sufficient.

    References
    ----------
    Bradley, R. A. and Terry, M. E. (1952). Rank analysis of incomplete block designs: I. The method
    of paired comparisons. Biometrika 39, 324-345.
    Ford, L. R. (1957). Solution of a ranking problem from binary comparisons. American Mathematical
    Monthly 64 (8), 28-33.

    Examples
    --------
    Three wins of a over b for each win of b, and nothing else:

    >>> found = fit_bradley_terry(
    ...     np.array([0]), np.array([1]), np.array([0.75]), names=("a", "b"), weight=np.array([4.0])
    ... )
    >>> found.strengths.round(4).tolist()  # half of log 3 either way
    [0.5493, -0.5493]
    """
    given = dict(predictors or {})
    weight = np.ones(len(outcome)) if weight is None else weight
    if free and not joined:
        require_one_scale(left, right, outcome, names)
    players = _player_columns(left, right, len(names)) if free else np.zeros((len(left), 0))
    others = {**({SIDE: np.ones(len(left))} if side else {}), **given}
    x = np.column_stack([players, *others.values()])
    scale = np.sqrt(np.mean(x**2, axis=0))
    _require_independent(x / np.where(scale > 0, scale, 1.0), players.shape[1], tuple(others))
    try:
        fit = fit_logit(x / scale, outcome, weight)
    except Separated as separated:
        raise NotIdentified(
            _separation(separated.column - players.shape[1], tuple(others))
        ) from None
    n_free = players.shape[1]
    contrasts = np.zeros((len(names), x.shape[1]))
    if free:
        contrasts[:-1, :n_free] = np.eye(n_free)
        contrasts[-1, :n_free] = -1.0
    contrasts /= scale
    values = (fit.coef / scale)[n_free:].tolist()
    return BradleyTerry(
        names=tuple(names),
        strengths=contrasts @ fit.coef,
        coefficients=dict(zip(others, values, strict=True)),
        x=x / scale,
        fit=fit,
        contrasts=contrasts,
        scale=dict(zip(others, scale[n_free:].tolist(), strict=True)),
    )


def _player_columns(left: Ints, right: Ints, n_players: int) -> Floats:
    """A column for each player but the last, whose strength is minus the sum of the others'."""
    rows = np.arange(len(left))
    columns = np.zeros((len(left), n_players))
    columns[rows, left] += 1.0
    columns[rows, right] -= 1.0
    found: Floats = columns[:, :-1] - columns[:, -1:]
    return found


def require_one_scale(left: Ints, right: Ints, outcome: Floats, names: Sequence[str]) -> None:
    """Refuse comparisons that put the players on no common, finite scale.

    Parameters
    ----------
    left, right, outcome, names
        As of `fit_bradley_terry`.

    Raises
    ------
    NotIdentified
        Says which players stand apart, in a sentence.
    """
    if len(names) < 2:  # noqa: PLR2004
        raise NotIdentified("There is nothing to rank: at least 2 are needed.")
    apart = player_sets(left, right, outcome, len(names), strong=False)
    if apart.max() > 0:
        one = [name for name, part in zip(names, apart.tolist(), strict=True) if part == 0]
        rest = [name for name in names if name not in one]
        raise NotIdentified(
            f"No comparison joins {_some(one)} with {_some(rest)}, not even through others, so "
            "that there is no common scale; votes on such pairs are needed."
        )
    parts = player_sets(left, right, outcome, len(names), strong=True)
    if parts.max() > 0:
        best = _unbeaten(left, right, outcome, parts)
        one = [name for name, part in zip(names, parts.tolist(), strict=True) if part == best]
        rest = [name for name in names if name not in one]
        raise NotIdentified(
            f"All choices between {_some(one)} and {_some(rest)} went to {_some(one)}, so that "
            "the distance between them has no upper limit; votes that go the other way are needed."
        )


def player_sets(left: Ints, right: Ints, outcome: Floats, n_players: int, *, strong: bool) -> Ints:
    """Part players into sets within which strengths can be told.

    Parameters
    ----------
    left, right, outcome
        As of `fit_bradley_terry`.
    n_players
        Number of players.
    strong
        True: sets within which every player won or tied, at least through others, against every
        other, so that strengths are finite. False: sets joined by comparisons.

    Returns
    -------
    ndarray
        Index of each player's set, 0 to n_sets - 1, shape (n_players,).

    Examples
    --------
    >>> one, other, won = np.array([0, 1]), np.array([1, 2]), np.array([1.0, 0.5])
    >>> player_sets(one, other, won, 4, strong=False).tolist()  # the fourth was never compared
    [0, 0, 0, 1]
    >>> len(set(player_sets(one, other, won, 4, strong=True).tolist()))  # nor the first beaten
    3
    """
    over = np.concatenate([left[outcome > 0], right[outcome < 1]])
    under = np.concatenate([right[outcome > 0], left[outcome < 1]])
    graph = csr_array((np.ones(len(over)), (over, under)), shape=(n_players, n_players))
    found = connected_components(graph, directed=True, connection="strong" if strong else "weak")[1]
    return np.asarray(found, dtype=np.int64)


def _unbeaten(left: Ints, right: Ints, outcome: Floats, parts: Ints) -> int:
    """A set that lost to nobody outside it; of several, the one with the first player."""
    one, other = parts[left], parts[right]
    crosses = one != other
    beaten = {*one[crosses & (outcome < 1)].tolist(), *other[crosses & (outcome > 0)].tolist()}
    return int(next(part for part in parts.tolist() if part not in beaten))


def _some(names: Sequence[str]) -> str:
    if len(names) <= NAMED:
        return listed(names)
    return listed([*names[: NAMED - 1], f"{len(names) - NAMED + 1} others"])


def _require_independent(x: Floats, n_free: int, others: tuple[str, ...]) -> None:
    """Refuse a predictor that the columns before it already make."""
    for at, name in enumerate(others, start=n_free):
        before, column = x[:, :at], x[:, at]
        fitted = before @ np.linalg.lstsq(before, column)[0] if at else np.zeros(len(column))
        left_over = float(((column - fitted) ** 2).sum())
        if left_over <= DEPENDENT * max(len(column), 1):
            raise NotIdentified(
                f"The {plain(name)} cannot be told apart from who was compared: it follows from "
                "it, or never differs; pairs in which they differ apart are needed."
            )


def _separation(column: int, others: tuple[str, ...]) -> str:
    named = f"the {plain(others[column])}" if column >= 0 else "a combination of what was compared"
    return (
        f"The choices follow {named} without exception, so that its effect has no upper limit; "
        "votes that go the other way are needed."
    )
