/* SPDX-License-Identifier: Apache-2.0 */
#include "platform/http/http_test_help.h"

struct trial *trial;

int
start(void **state)
{
	(void)state;
	trial = trial_start(NULL, 4);
	return 0;
}

int
stop(void **state)
{
	(void)state;
	trial_stop(trial, 2000);
	return 0;
}

int
status_of_get(const char *path, const char *more)
{
	return client_get(trial, path, more).status;
}
