"""The QR code of a story's permanent address, at an address of its own: nobody waits for it who does not look at it."""

import qrcode  # type: ignore[import-untyped]
from django.http import HttpRequest, HttpResponse

from articles.models import Publication
from articles.site import addresses
from articles.site.past import past_page

QUIET = 4  # cells that must stay empty around a code


@past_page()
def qr_code(request: HttpRequest, publication: Publication) -> HttpResponse:
    """SVG, dark on light in every scheme."""
    size, path = _cells(addresses.absolute(addresses.story_path(publication.code, publication.language)))
    return HttpResponse(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{size}v{size}H0z"/><path d="{path}"/></svg>',
        content_type="image/svg+xml",
    )


def _cells(address: str) -> tuple[int, str]:
    """The side of a code in cells, and its dark cells, row by row.

    The mask is always the same one: every reader knows all eight, and to choose would cost four times the work.
    """
    code = qrcode.QRCode(border=QUIET, error_correction=qrcode.ERROR_CORRECT_M, mask_pattern=0)
    code.add_data(address)
    code.make(fit=True)
    steps = []
    for y, row in enumerate(code.get_matrix()):
        start = None
        for x, dark in enumerate([*row, False]):
            if dark and start is None:
                start = x
            elif not dark and start is not None:
                steps.append(f"M{start} {y}h{x - start}v1H{start}z")
                start = None
    return code.modules_count + 2 * QUIET, "".join(steps)
