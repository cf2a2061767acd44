"""How well a poem fits the forms that fix its lines: sonnet, haiku, limerick, villanelle, sestina,
pantoum, ghazal."""

from collections.abc import Sequence

from app.verse.outline import COUPLET, QUATRAIN, TERCET, Outline, mean, ramp

SONNET = 14
HAIKU = (5, 7, 5)
LIMERICK = 5
LIMERICK_RHYMES = ((0, 1), (1, 4), (2, 3))
VILLANELLE = 19
REFRAINS = ((0, 5), (0, 11), (0, 17), (2, 8), (2, 14), (2, 18))
SESTINA = (36, 39)  # lines, without and with the envoi
SESTINA_ORDER = (5, 0, 4, 1, 3, 2)  # where the end words of a stanza stood in the one before
NUMBERS_OF_LINES = {SONNET, VILLANELLE, *SESTINA}  # of forms whose stanzas may differ
FEWEST_COUPLETS = 4  # of a ghazal
SHAKESPEAREAN = ((0, 2), (1, 3), (4, 6), (5, 7), (8, 10), (9, 11), (12, 13))
ENCLOSED = ((0, 3), (1, 2), (4, 7), (5, 6))
SAME_OCTAVE = ((0, 4), (1, 5))


def sonnets(poem: Outline) -> tuple[float, float, float]:
    """Tell how well a poem fits any sonnet, the Shakespearean and the Petrarchan.

    Fourteen lines, or stanzas of fourteen; most of them rhymed, not in couplets nor in smaller
    stanzas of one size; best in pentameter.

    Parameters
    ----------
    poem : Outline
        A poem of at least one line, with rhymes and metre.

    Returns
    -------
    tuple of float
        Fit of any sonnet, and how far the rhymes are those of the two kinds; each 0 to 1.

    References
    ----------
    Greene et al. (2012), "sonnet"; Fussell (1979), on the sonnet.

    Examples
    --------
    >>> from app.verse import ParsedPoem
    >>> sonnets(ParsedPoem("One line of fourteen").outline)
    (0.0, 0.0, 0.0)
    """
    if poem.n_lines % SONNET or (poem.n_lines > SONNET and poem.only_size != SONNET):
        return 0.0, 0.0, 0.0
    firsts = range(0, poem.n_lines, SONNET)
    english = mean([_shakespearean(poem, first) for first in firsts])
    italian = mean([_petrarchan(poem, first) for first in firsts])
    rhymed = max(ramp(poem.density, 0.5, 0.85), english, italian)
    metre = max(0.7 + 0.3 * poem.pentameter, 0.7 + 0.2 * poem.metrical)
    in_stanzas = 0.4 if 0 < poem.only_size < SONNET else 1.0
    return (
        rhymed * metre * in_stanzas * ramp(poem.couplets or 0.0, 0.9, 0.5),
        english,
        italian,
    )


def _shakespearean(poem: Outline, first: int) -> float:
    """Rhymed ababcdcdefefgg; one rhyme may fail."""
    return ramp(_rhyme(poem, first, SHAKESPEAREAN), 0.6, 0.9)


def _petrarchan(poem: Outline, first: int) -> float:
    """An octave abbaabba, and a sestet of which most lines rhyme."""
    octave = _rhyme(poem, first, ENCLOSED)
    sestet = poem.scheme[first + 8 : first + SONNET] if poem.scheme else ()
    rhyming = sum(label is not None and sestet.count(label) > 1 for label in sestet) / 6
    return ramp((3 * octave + rhyming) / 4, 0.6, 0.85) * ramp(
        _rhyme(poem, first, SAME_OCTAVE), 0.2, 0.6
    )


def _rhyme(poem: Outline, first: int, pairs: Sequence[tuple[int, int]]) -> float:
    return mean([poem.rhyme(first + one, first + two) for one, two in pairs])


def haiku(poem: Outline) -> float:
    r"""Tell how well a poem fits the haiku.

    Three lines of 5, 7 and 5 syllables, or fewer with a middle line that is none of the shortest,
    that do not rhyme; or stanzas of such lines, of 5-7-5 alone.

    Parameters
    ----------
    poem : Outline
        A poem of at least one line, with rhymes and metre.

    Returns
    -------
    float
        0 to 1.

    References
    ----------
    Greene et al. (2012), "haiku".

    Examples
    --------
    >>> from app.verse import ParsedPoem
    >>> round(haiku(ParsedPoem("night market\na goldfish circles\nits price tag").outline), 2)
    0.8
    """
    if poem.only_size != TERCET:
        return 0.0
    rounds = [tuple(poem.syllables[start : start + 3]) for start, _ in poem.starts]
    counted = [1 - sum(abs(a - b) for a, b in zip(r, HAIKU, strict=True)) / 5 for r in rounds]
    fit = mean([max(0.0, one) for one in counted])
    if len(rounds) == 1:
        first, middle, last = rounds[0]
        shape = 0.8 if middle >= max(first, last) else 0.4
        total = sum(rounds[0])
        fit = max(fit, shape * ramp(total, 17, 13) * ramp(total, 4, 8))
    return fit * (1 - 0.6 * poem.density)


def limerick(poem: Outline) -> float:
    r"""Tell how well a poem fits the limerick.

    Five lines aabba, the two b shorter; or stanzas of such lines.

    Parameters
    ----------
    poem : Outline
        A poem of at least one line, with rhymes and metre.

    Returns
    -------
    float
        0 to 1.

    References
    ----------
    Greene et al. (2012), "limerick".

    Examples
    --------
    >>> from app.verse import ParsedPoem
    >>> limerick(ParsedPoem("The sailor sat beside the sea\nand drank a cup of tea.").outline)
    0.0
    """
    if poem.only_size != LIMERICK:
        return 0.0
    fits = []
    for first, _ in poem.starts:
        rhyme = ramp(_rhyme(poem, first, LIMERICK_RHYMES), 0.4, 0.85)
        a, b, c, d, e = poem.syllables[first : first + LIMERICK]
        fits.append(rhyme * ramp((a + b + e) / 3 - (c + d) / 2, 0.5, 2))
    return mean(fits)


def villanelle(poem: Outline) -> float:
    r"""Tell how well a poem fits the villanelle.

    Nineteen lines; the first comes again as the 6th, 12th and 18th, the third as the 9th, 15th and
    19th. Refrains may change but for their last words.

    Parameters
    ----------
    poem : Outline
        A poem of at least one line, with rhymes and metre.

    Returns
    -------
    float
        0 to 1.

    References
    ----------
    Greene et al. (2012), "villanelle".

    Examples
    --------
    >>> from app.verse import ParsedPoem
    >>> villanelle(ParsedPoem("It rained.\nIt rained again.\nIt rained.").outline)
    0.0
    """
    if poem.n_lines != VILLANELLE:
        return 0.0
    return ramp(mean([poem.recurs(*lines) for lines in REFRAINS]), 0.3, 0.7)


def sestina(poem: Outline) -> float:
    r"""Tell how well a poem fits the sestina.

    Six stanzas of six lines that end in the same six words, each in the order 6 1 5 2 4 3 of the
    one before; then an envoi of three lines or none.

    Parameters
    ----------
    poem : Outline
        A poem of at least one line, with rhymes and metre.

    Returns
    -------
    float
        0 to 1.

    References
    ----------
    Greene et al. (2012), "sestina".

    Examples
    --------
    >>> from app.verse import ParsedPoem
    >>> order, ends = (5, 0, 4, 1, 3, 2), list("abcdef")
    >>> stanzas = [ends := [ends[ix] for ix in order] for _ in range(6)]
    >>> sestina(ParsedPoem("\n\n".join(map("\n".join, stanzas))).outline)
    1.0
    """
    if poem.n_lines not in SESTINA:
        return 0.0
    ends = poem.end_words
    kept = [
        ends[line] == ends[line - line % 6 - 6 + SESTINA_ORDER[line % 6]] for line in range(6, 36)
    ]
    return ramp(mean(kept), 0.3, 0.7)


def pantoum(poem: Outline) -> float:
    r"""Tell how well a poem fits the pantoum.

    Quatrains whose second and fourth lines come again as the first and third of the next; they may
    change but for their last words.

    Parameters
    ----------
    poem : Outline
        A poem of at least one line, with rhymes and metre.

    Returns
    -------
    float
        0 to 1.

    References
    ----------
    Greene et al. (2012), "pantun".

    Examples
    --------
    >>> from app.verse import ParsedPoem
    >>> poem = "Rain\nThe sea\nA bird\nThe sky\n\nThe sea\nA wave\nThe sky\nRain"
    >>> pantoum(ParsedPoem(poem).outline)
    1.0
    """
    if poem.only_size != QUATRAIN or len(poem.sizes) == 1:
        return 0.0
    comes_again = [poem.recurs(line, line + 3) for line in range(1, poem.n_lines - 4, 2)]
    return ramp(mean(comes_again), 0.3, 0.7)


def ghazal(poem: Outline) -> float:
    r"""Tell how well a poem fits the ghazal.

    Four couplets at least; both lines of the first and the second of every other end in the same
    word (the radif), the other lines do not.

    Parameters
    ----------
    poem : Outline
        A poem of at least one line, with rhymes and metre.

    Returns
    -------
    float
        0 to 1.

    References
    ----------
    Greene et al. (2012), "ghazal".

    Examples
    --------
    >>> from app.verse import ParsedPoem
    >>> ghazal(ParsedPoem("of rain\nthe rain\n\na day\nno rain").outline)
    0.0
    """
    if poem.only_size != COUPLET or len(poem.sizes) < FEWEST_COUPLETS:
        return 0.0
    radif = poem.end_words[1]
    kept = mean([word == radif for word in (poem.end_words[0], *poem.end_words[1::2])])
    free = mean([word != radif for word in poem.end_words[2::2]])
    return ramp(kept, 0.5, 0.9) * ramp(free, 0.3, 0.7)
