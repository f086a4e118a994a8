-- SPDX-License-Identifier: Apache-2.0
-- The numbers beside the navigation of somebody who acts for a patient: as page_item, for one patient at a time.  Whether they
-- still may is the policy engine's to say, before this is asked.  kind: enum page_count.  1: threads with something new.

CREATE VIEW page_item_acting AS
	SELECT a.account AS account, a.patient AS patient, 1 AS kind, a.thread AS item
	  FROM addressee a WHERE a.side = 3 AND a.unread > 0;
