/* SPDX-License-Identifier: Apache-2.0 */
/* A QR code as SVG: one path, so that it stays small and sharp. */
#include <qrencode.h>

#include "trust/portal/portal_internal.h"

#define QUIET 4 /* modules of white around it, as the standard asks */

fallible
qr_svg(struct arena *arena, str text, struct html *out)
{
	QRcode *code = QRcode_encodeString8bit(arena_z(arena, text), 0, QR_ECLEVEL_M);
	struct buf svg = BUF_INIT(arena);
	int side;

	if (!code)
		return ERR(ERR_BROKEN, "Something went wrong on our side.", "no QR code for this text");
	side = code->width + 2 * QUIET;
	buf_printf(&svg,
	    "<svg class=\"qr\" aria-hidden=\"true\" viewBox=\"0 0 %d %d\" width=\"240\" height=\"240\" "
	    "shape-rendering=\"crispEdges\">"
	    "<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/><path fill=\"#000\" d=\"",
	    side, side, side, side);
	for (int y = 0; y < code->width; y++)
		for (int x = 0; x < code->width; x++)
			if (code->data[y * code->width + x] & 1)
				buf_printf(&svg, "M%d %dh1v1h-1z", x + QUIET, y + QUIET);
	buf_add(&svg, S("\"/></svg>"));
	QRcode_free(code);
	*out = (struct html){buf_str(&svg)};
	return NULL;
}
