/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as the answer of a scanner: only a verdict is one, and what was found is printable and short. */
#include "care/attachments/scanner.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	enum scan_verdict verdict = VERDICT_CLEAN;
	str answer = {(const char *)data, n}, finding = STR_NONE;

	if (!scan_answer_read(answer, &verdict, &finding))
		return 0;
	assert((verdict == VERDICT_INFECTED) == (finding.n > 0));
	assert(verdict == VERDICT_INFECTED || str_equal(answer, S("stream: OK")));
	assert(finding.n <= 100);
	for (size_t i = 0; i < finding.n; i++)
		assert(finding.p[i] >= ' ' && finding.p[i] <= '~');
	return 0;
}
