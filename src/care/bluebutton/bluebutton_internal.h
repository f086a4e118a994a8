/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SALVE_BLUEBUTTON_INTERNAL_H
#define SALVE_BLUEBUTTON_INTERNAL_H

#include "care/bluebutton/bluebutton.h"
#include "care/record/record_pages.h"

struct download_part {
	str title;
	int64_t count;
};
struct download_page {
	const struct download_part *parts;
	size_t part_count;
	int64_t total;
};
void page_download(struct buf *out, const struct page_cx *px, const struct download_page *v);

#endif
