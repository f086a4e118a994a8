/* SPDX-License-Identifier: Apache-2.0 */
/* Texts set in lines by pango.  Private to pdf.c. */
#ifndef SALVE_PDF_LINES_H
#define SALVE_PDF_LINES_H

#include <pango/pangocairo.h>

#include "platform/base/base.h"

struct pdf_style {
	double points;
	bool bold;
	double ink, width;
	bool underlined;
};

/* Broken into lines of style->width; g_object_unref it. */
PangoLayout *pdf_lay_out(PangoContext *context, str text, const struct pdf_style *style);
double pdf_layout_height(PangoLayout *layout);
/* Before a line is drawn, so that readers do not join the words where it was broken. */
void pdf_keep_blanks(PangoLayout *layout, PangoLayoutLine *line);

#endif
