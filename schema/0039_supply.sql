-- SPDX-License-Identifier: Apache-2.0
-- Until when what was handed over lasts: one row for each fill (MedicationDispense) that the patient may have to be told of.  fill: key of
-- the resource.  state: enum supply_state.  tell_at: when they are told that it runs out; null: told, or never.
CREATE TABLE rx_supply (
	patient UUID NOT NULL,
	fill UUID NOT NULL,
	state BIGINT NOT NULL,
	tell_at BIGINT,
	made BIGINT NOT NULL,
	PRIMARY KEY (patient, fill)
) CLUSTERED;
CREATE INDEX rx_supply_tell ON rx_supply (tell_at) WHERE tell_at IS NOT NULL;
