"""Cut from the vendored faces what a rating page asks for, so that it stays light.

Needs fontTools, which is not among the locked tools: .venv/bin/uv pip install fonttools brotli

Writes into static/fonts the italic without hints, which only large text is set in, and the letters
of Latin Extended-A alone: one "ř" in a poem would else fetch four hundred other letters. Both are
made of Gentium Book Plus under the SIL Open Font License, and bear another name in the file, as it
asks of modified versions.
"""

from pathlib import Path

from fontTools import subset

FONTS = Path(__file__).resolve().parents[1] / "static" / "fonts"
FAMILY = 1, 3, 4, 6, 16  # entries of the name table that hold the family's name
CUTS = {
    "verse-latin-400-italic": ("gentium-book-plus-latin-400-italic", None),
    "verse-latin-ext-a-400-normal": ("gentium-book-plus-latin-ext-400-normal", range(0x100, 0x180)),
}


def cut(name: str, source: str, letters: range | None) -> int:
    """How many bytes it takes."""
    options = subset.Options(flavor="woff2", layout_features=["*"], hinting=False)
    options.recalc_timestamp = False  # the same bytes whenever it is cut
    font = subset.load_font(str(FONTS / f"{source}.woff2"), options)
    wanted = subset.Subsetter(options)
    wanted.populate(unicodes=[*(letters or font.getBestCmap())])
    wanted.subset(font)
    for entry in font["name"].names:
        if entry.nameID in FAMILY:
            entry.string = "Verse"
    file = FONTS / f"{name}.woff2"
    font.flavor = "woff2"
    font.save(file)
    return file.stat().st_size


if __name__ == "__main__":
    for name, (source, letters) in CUTS.items():
        print(f"{name}: {cut(name, source, letters):,} bytes")
