# /// script
# requires-python = ">=3.11"
# dependencies = ["brotli==1.1.0", "fonttools==4.60.1"]
# ///
"""Make the Tibetan face of the reader's pages: `uv run tools/tibetan_font.py`.

Out of Debian's Noto Serif Tibetan (package fonts-noto-core): the Tibetan block and what a line of it needs, with all
stacks and marks, as one WOFF2. Latin letters, figures and hinting are left out. docs/dependencies.md says why.
"""

import sys
from pathlib import Path

from fontTools import subset

SOURCE = Path("/usr/share/fonts/truetype/noto/NotoSerifTibetan-Regular.ttf")
FONT = Path(__file__).parent.parent / "articles/static/site/fonts/noto-serif-tibetan.woff2"
LETTERS = [*range(0x0F00, 0x1000), 0x0020, 0x00A0, 0x25CC]
MOST = 160_000  # bytes: the budget of a Tibetan page


def main() -> None:
    options = subset.Options(flavor="woff2", layout_features=["*"], hinting=False, desubroutinize=True)
    font = subset.load_font(SOURCE, options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=LETTERS)
    subsetter.subset(font)
    subset.save_font(font, FONT, options)
    size = FONT.stat().st_size
    print(f"{FONT.name}: {size:,} bytes, {len(font.getGlyphOrder()):,} glyphs")
    if size > MOST:
        sys.exit(f"More than {MOST:,} bytes.")


if __name__ == "__main__":
    main()
