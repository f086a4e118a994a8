-- SPDX-License-Identifier: Apache-2.0
-- When somebody was warned that an answer will soon be late; and addresses that the mail server refuses for good, with what it
-- answered.

ALTER TABLE thread ADD COLUMN warned_at BIGINT;

ALTER TABLE mail_address ADD COLUMN bounced_at BIGINT;
ALTER TABLE mail_address ADD COLUMN bounced_answer BIGINT;
