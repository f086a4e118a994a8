-- SPDX-License-Identifier: Apache-2.0
-- What a facility decided for itself.  name: a row of facility_setting_rules (trust/identity/facility.c); without a row the
-- default there.

CREATE TABLE facility_setting (
	facility UUID NOT NULL,
	name TEXT NOT NULL,
	value BIGINT NOT NULL,
	PRIMARY KEY (facility, name)
) CLUSTERED;
