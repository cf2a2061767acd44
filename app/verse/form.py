"""The form of a poem, and how sure it is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from app.verse import fixed_forms
from app.verse.outline import COUPLET, QUATRAIN, TERCET, Outline, mean, ramp
from app.verse.text import words

__all__ = ["Form", "FormName", "find_form"]

LONG_LINE, PARAGRAPH = 110, 170  # letters, digits and the blanks between words
MOST_PARAGRAPHS = 5, 10  # without a blank line between them; more are verse in long lines
NARROWEST = 45  # of a line that was wrapped at a margin
FULL = 0.7  # of the margin, that wrapped lines have on average
SLACK = 3  # of the margin, for the marks that are not counted
RHYMED = 0.5, 0.35  # density of verse, and of prose whose lines end alike by chance
LONGER, SHORTER = 4, 3  # beats of a ballad's lines
FEWEST_LINKS = 3  # of an unbroken terza rima


class FormName(StrEnum):
    """The forms that are told apart."""

    SHAKESPEAREAN_SONNET = "Shakespearean sonnet"
    PETRARCHAN_SONNET = "Petrarchan sonnet"
    SONNET = "sonnet"
    HAIKU = "haiku"
    LIMERICK = "limerick"
    VILLANELLE = "villanelle"
    SESTINA = "sestina"
    PANTOUM = "pantoum"
    GHAZAL = "ghazal"
    BALLAD = "ballad"
    TERZA_RIMA = "terza rima"
    HEROIC_COUPLETS = "heroic couplets"
    COUPLETS = "couplets"
    QUATRAINS = "quatrains"
    TERCETS = "tercets"
    PROSE_POEM = "prose poem"
    RHYMED_STANZAS = "rhymed stanzas"
    RHYMED_VERSE = "rhymed verse"
    BLANK_VERSE = "blank verse"
    UNRHYMED_METRE = "unrhymed metrical verse"
    FREE_VERSE = "free verse"


@dataclass(frozen=True, slots=True)
class Form:
    """The form of one poem.

    Attributes
    ----------
    name : FormName
        The form that fits best.
    confidence : float
        Its share of what fits, 0 to 1; little for a poem of one or two lines.
    """

    name: FormName
    confidence: float


Fits = Sequence[tuple[FormName, float]]


def find_form(poem: Outline) -> Form | None:
    r"""Find the form of a poem.

    Parameters
    ----------
    poem : Outline
        Its stanzas, rhymes and metre.

    Returns
    -------
    Form or None
        None where the rhymes or the metre are not known, or without a line.

    Notes
    -----
    Every form has a rule that gives its fit, 0 to 1. The forms are asked in five tiers, from those
    that fix most to those that fix least, and each tier shares what the tiers before it leave: a
    fit counts ``fit * prod(max(0, 1 - sum of the fits of each earlier tier))``. The confidence is
    what counts for the best, divided by the sum of all where that is above 1. The rules are in
    docs/verse.md.

    References
    ----------
    Greene, R. et al. (eds.) (2012). The Princeton Encyclopedia of Poetry and Poetics, 4th ed.
    Princeton University Press.
    Fussell, P. (1979). Poetic Meter and Poetic Form, rev. ed. Random House.

    Examples
    --------
    >>> from app.verse import ParsedPoem
    >>> poem = ParsedPoem("Morning on the lake\na heron and its shadow\nlift the same grey foot")
    >>> find_form(poem.outline).name.value
    'haiku'
    """
    if poem.scheme is None or poem.meter is None or not poem.n_lines:
        return None
    best, count, total, left = FormName.FREE_VERSE, 0.0, 0.0, 1.0
    for tier in TIERS:
        taken = 0.0
        for name, fit in tier(poem):
            taken += fit
            if left * fit > count:
                best, count = name, left * fit
        total += left * taken
        left *= max(0.0, 1 - taken)
        if not left:
            break
    return Form(best, count / max(1.0, total))


def _fixed(poem: Outline) -> Fits:
    """Forms that fix the number of lines or which lines come again."""
    if not poem.only_size and poem.n_lines not in fixed_forms.NUMBERS_OF_LINES:
        return ()
    sonnet, english, italian = fixed_forms.sonnets(poem)
    return (
        (FormName.SHAKESPEAREAN_SONNET, sonnet * english),
        (FormName.PETRARCHAN_SONNET, sonnet * italian),
        (FormName.SONNET, sonnet * (1 - max(english, italian))),
        (FormName.HAIKU, fixed_forms.haiku(poem)),
        (FormName.LIMERICK, fixed_forms.limerick(poem)),
        (FormName.VILLANELLE, fixed_forms.villanelle(poem)),
        (FormName.SESTINA, fixed_forms.sestina(poem)),
        (FormName.PANTOUM, fixed_forms.pantoum(poem)),
        (FormName.GHAZAL, fixed_forms.ghazal(poem)),
    )


def _metred(poem: Outline) -> Fits:
    """Stanzas that fix rhyme and metre, or a chain of rhymes."""
    couplets = _couplets(poem)
    in_fours = poem.share_of(QUATRAIN) if poem.n_lines > QUATRAIN else 0.0
    return (
        (FormName.BALLAD, _ballad(poem)),
        (FormName.TERZA_RIMA, _terza_rima(poem)),
        (FormName.HEROIC_COUPLETS, couplets and couplets * poem.pentameter),
        (
            FormName.COUPLETS,
            couplets and couplets * (1 - poem.pentameter) * ramp(in_fours, 0.8, 0.5),
        ),
    )


def _stanzas(poem: Outline) -> Fits:
    """Stanzas of four and of three lines that rhyme."""
    return (FormName.QUATRAINS, _quatrains(poem)), (FormName.TERCETS, _tercets(poem))


def _layout(poem: Outline) -> Fits:
    """Prose, unless it rhymes or keeps a metre. Only words are counted: no mark makes it verse."""
    metre = poem.metrical if poem.meter and poem.meter.feet else 0.0
    prose = ramp(poem.density, *RHYMED) * (1 - metre)
    if not prose or max(map(len, poem.lines)) < NARROWEST:
        return ()
    stanzas = [[" ".join(words(line)) for line in stanza] for stanza in poem.stanzas]
    return ((FormName.PROSE_POEM, prose * max(_paragraphs(stanzas), _wrapped(stanzas))),)


def _open(poem: Outline) -> Fits:
    """What rhymes or not, and is in metre or not: one of these always fits."""
    enough = ramp(poem.n_lines, 2, 6)  # lines to tell a metre by
    metrical, blank = poem.metrical * enough, poem.pentameter * enough
    seen = ramp(poem.n_lines, 0, 4)
    rhymed, unrhymed = seen * poem.rhymed, seen * (1 - poem.rhymed)
    regular = _regular(poem) if rhymed else 0.0
    return (
        (FormName.RHYMED_STANZAS, rhymed * regular),
        (FormName.RHYMED_VERSE, rhymed * (1 - regular)),
        (FormName.BLANK_VERSE, unrhymed * blank),
        (FormName.UNRHYMED_METRE, unrhymed * (metrical - blank)),
        (FormName.FREE_VERSE, unrhymed * (1 - metrical)),
    )


TIERS: Sequence[Callable[[Outline], Fits]] = (_fixed, _metred, _stanzas, _layout, _open)


def _ballad(poem: Outline) -> float:
    """Quatrains of four and three beats in turn, the second and fourth lines rhyming."""
    if not poem.fours or (poem.meter and len(poem.meter.feet) == 1):
        return 0.0
    in_fours = ramp(poem.share_of(QUATRAIN), 0.5, 0.8) if len(poem.sizes) > 1 else 1.0
    rhyme = mean([poem.rhyme(first + 1, first + 3) for first in poem.fours])
    many = ramp(len(poem.fours), 0.4, 2)
    return _alternates(poem) * ramp(rhyme, 0.1, 0.5) * in_fours * many


def _alternates(poem: Outline) -> float:
    """How far lines of four beats alternate with lines of three, in feet of two syllables or so."""
    pairs = [(line, line + 1) for first in poem.fours for line in (first, first + 2)]
    four = mean([poem.beats[one] == LONGER for one, _ in pairs])
    three = mean([poem.beats[two] == SHORTER for _, two in pairs])
    both = mean([poem.syllables[one] + poem.syllables[two] for one, two in pairs])
    return ramp(four, 0.3, 0.8) * ramp(three, 0.3, 0.8) * ramp(both, 20, 17)


def _couplets(poem: Outline) -> float:
    """Most lines in couplets; their two lines are of like length, or lengths come round."""
    share = ramp(poem.couplets or 0.0, 0.6, 0.9)
    if not share:
        return 0.0
    fixed = poem.metrical if poem.meter and poem.meter.feet else 0.0
    if fixed == 1:
        return share
    unlike = [
        abs(one - two) / max(one, two, 1)
        for (one, two), (label, other) in zip(
            pairwise(poem.syllables), pairwise(poem.scheme or ()), strict=True
        )
        if label is not None and label == other
    ]
    return share * max(fixed, ramp(mean(unlike), 0.3, 0.15))


def _terza_rima(poem: Outline) -> float:
    """Three lines again and again, the middle one rhyming with the first and third of the next."""
    broken = len(poem.sizes) > 1
    if broken and poem.sizes.count(TERCET) < len(poem.sizes) - 1:
        return 0.0
    middles = range(1, poem.n_lines - 2, TERCET)
    if len(middles) < (FEWEST_LINKS - broken):
        return 0.0
    chain = mean([poem.rhyme(line, line + 2) for line in middles])
    around = mean([poem.rhyme(line - 1, line + 1) for line in middles])
    apart = 1 - mean([poem.rhyme(line - 1, line) for line in middles])
    return ramp((chain + around) / 2, 0.6, 0.85) * ramp(apart, 0.3, 0.6)


def _quatrains(poem: Outline) -> float:
    """Stanzas of four lines, most of them rhymed; or an unbroken poem that rhymes by fours."""
    if not poem.fours or not poem.density:
        return 0.0
    if len(poem.sizes) == 1 and poem.n_lines > QUATRAIN:
        return ramp(poem.quatrains or 0.0, 0.4, 0.8)
    answered = mean([poem.answered(first) for first in poem.fours])
    return ramp(poem.share_of(QUATRAIN), 0.3, 0.6) * ramp(answered, 0.2, 0.6)


def _tercets(poem: Outline) -> float:
    """Stanzas of three lines that rhyme."""
    return ramp(poem.share_of(TERCET), 0.5, 0.8) * ramp(poem.density, 0.3, 0.6)


def _regular(poem: Outline) -> float:
    """How far the stanzas, of three lines or more, have one size."""
    commonest = max(set(poem.sizes), key=lambda size: (poem.sizes.count(size), size))
    if len(poem.sizes) == 1 or commonest <= COUPLET:
        return 0.0
    return ramp(poem.sizes.count(commonest) / len(poem.sizes), 0.4, 0.8)


def _paragraphs(stanzas: Sequence[Sequence[str]]) -> float:
    """Lines as long as paragraphs, few of them without a blank line between them."""
    length = mean([len(line) for stanza in stanzas for line in stanza])
    fewest, most = MOST_PARAGRAPHS
    return ramp(length, LONG_LINE, PARAGRAPH) * ramp(mean([*map(len, stanzas)]), most, fewest)


def _wrapped(stanzas: Sequence[Sequence[str]]) -> float:
    """Lines that were wrapped at a margin: no first word would have fitted into the line before."""
    lengths = [len(line) for stanza in stanzas for line in stanza]
    width = max(lengths)
    if width < NARROWEST or mean(lengths) < FULL * width:
        return 0.0
    breaks = [
        len(line) + 1 + len(after.partition(" ")[0]) > width - SLACK
        for stanza in stanzas
        for line, after in pairwise(stanza)
    ]
    return ramp(mean(breaks), 0.7, 0.95) if len(breaks) >= TERCET else 0.0
