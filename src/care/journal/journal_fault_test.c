/* SPDX-License-Identifier: Apache-2.0 */
/* Each statement of each deed of the journal fails in turn, and nothing is half done; what takes several transactions ends well when it is
 * done again. */
#include "care/attachments/scanner_test_help.h"
#include "care/journal/journal_accept.h"
#include "care/journal/journal_comment.h"
#include "care/journal/journal_document.h"
#include "care/journal/journal_test_help.h"
#include "care/messaging/messaging.h"

#define STATEMENTS_MAX 200 /* of one deed, and some */

struct scene {
	struct room r;
	struct uuid rule;
	str entry, document, file;
	struct uuid answers;
};

static const struct journal_log *
documents(void)
{
	return journal_log_find(S(JOURNAL_DOCUMENTS));
}

/* ---- deeds ---- */

static const struct err *
deed_share(struct scene *s)
{
	const account_id readers[] = {SHARE_CARE_TEAM, s->r.p.maria_account};

	TRY(journal_share_set(&s->r.bo, s->r.p.bo, documents()->number, readers, 2));
	return NULL;
}

static const struct err *
deed_share_weight(struct scene *s)
{
	const account_id readers[] = {SHARE_CARE_TEAM};

	return journal_share_set(&s->r.bo, s->r.p.bo, s->r.weight->number, readers, 1);
}

static const struct err *
deed_rule(struct scene *s)
{
	struct journal_rule rule = {.id = s->rule,
	    .patient = s->r.p.bo,
	    .log = s->r.weight->number,
	    .kind = RULE_ABOVE,
	    .low = RULE_OPEN_LOW,
	    .high = 100000,
	    .times = 1,
	    .team = s->r.p.birch,
	    .agreed = INSTANT_NONE,
	    .ended = INSTANT_NONE};

	return journal_rule_add(&s->r.ben, &rule);
}

static const struct err *
deed_agree(struct scene *s)
{
	return journal_rule_agree(&s->r.bo, s->r.p.bo, s->rule);
}

/* Crosses the limit: an alert is raised beside it. */
static const struct err *
deed_write(struct scene *s)
{
	struct journal_put in = weighs(&s->r, "120", "kg");

	return journal_entry_put(&s->r.bo, &in, &s->entry);
}

static const struct err *
deed_correct(struct scene *s)
{
	struct journal_put in = weighs(&s->r, "119", "kg");
	str id;

	in.id = s->entry;
	return journal_entry_put(&s->r.bo, &in, &id);
}

static const struct err *
deed_seen(struct scene *s)
{
	return journal_seen(&s->r.ben, s->r.p.bo, s->r.weight);
}

static const struct err *
deed_accept(struct scene *s)
{
	return journal_accept(&s->r.ben, s->r.p.bo, s->r.weight, s->entry);
}

static const struct err *
deed_comment(struct scene *s)
{
	return journal_comment_add(&s->r.ben, &(struct journal_comment_new){.key = uuid_new(s->r.ben.now),
						  .patient = s->r.p.bo,
						  .log = s->r.weight,
						  .entry = s->entry,
						  .subject = S("About your entry"),
						  .body = S("Please drink more water."),
						  .team = s->r.p.birch});
}

static const struct err *
deed_remind(struct scene *s)
{
	return journal_reminder_set(&s->r.bo, s->r.weight, 8 * 60, 127);
}

static const struct err *
bring(struct scene *s, const char *text)
{
	struct cx *cx = &s->r.bo;
	struct journal_incoming file;
	struct journal_put in = {
	    .patient = s->r.p.bo, .log = documents(), .key = uuid_new(cx->now), .incoming = &file, .incoming_count = 1};

	in.values.text[0] = S("Letter");
	in.values.text[1] = S("2026-03-01");
	TRY(journal_file_take(cx,
	    &(struct journal_file_new){.patient = s->r.p.bo,
		.log = in.log,
		.document = in.key,
		.name = S("letter.txt"),
		.content = str_from_z(text),
		.limits = attachment_limits(false)},
	    &file));
	in.values.files[in.values.file_count++] = file.file;
	TRY(journal_entry_put(cx, &in, &s->document));
	s->file = file.file.id;
	return NULL;
}

static const struct err *
deed_document(struct scene *s)
{
	return bring(s, "A letter");
}

static const struct err *
deed_accept_document(struct scene *s)
{
	return journal_accept(&s->r.ben, s->r.p.bo, documents(), s->document);
}

static const struct err *
deed_remove_document(struct scene *s)
{
	return journal_entry_remove(&s->r.bo, s->r.p.bo, documents(), s->document);
}

/* The scanner is away. */
static const struct err *
deed_held(struct scene *s)
{
	return bring(s, "Another letter");
}

static const struct err *
deed_settle(struct scene *s)
{
	return journal_alert_settle(&s->r.ben, s->r.p.bo, s->rule);
}

static const struct err *
deed_end(struct scene *s)
{
	return journal_rule_end(&s->r.bo, s->r.p.bo, s->rule);
}

static const struct err *
deed_remove(struct scene *s)
{
	return journal_entry_remove(&s->r.bo, s->r.p.bo, s->r.weight, s->entry);
}

#define ANSWERS(tag, status)                                                                                \
	S("{\"resourceType\":\"QuestionnaireResponse\",\"meta\":{\"tag\":[{\"system\":\"" JOURNAL_SYSTEM    \
	  "\",\"code\":\"" tag "\"}]},\"status\":\"" status "\",\"subject\":{\"reference\":\"Patient/x\"}," \
	  "\"authored\":\"2026-03-05T09:00:00Z\"}")

static const struct err *
deed_answers(struct scene *s)
{
	return journal_keep_answers(
	    &s->r.bo, s->r.p.bo, uuid_new(s->r.bo.now), ANSWERS(JOURNAL_ANSWERS, "completed"), false);
}

static const struct err *
deed_half(struct scene *s)
{
	return journal_keep_answers(
	    &s->r.bo, s->r.p.bo, s->answers, ANSWERS(JOURNAL_ANSWERS_SAVED, "in-progress"), true);
}

static const struct err *
deed_drop_half(struct scene *s)
{
	return journal_drop_half(&s->r.bo, s->r.p.bo, s->answers);
}

static const struct {
	const char *name;
	const struct err *(*run)(struct scene *s);
} deeds[] = {{"share", deed_share}, {"share weight", deed_share_weight}, {"rule", deed_rule}, {"agree", deed_agree},
    {"write", deed_write}, {"correct", deed_correct}, {"seen", deed_seen}, {"accept", deed_accept},
    {"comment", deed_comment}, {"remind", deed_remind}, {"document", deed_document},
    {"accept document", deed_accept_document}, {"remove document", deed_remove_document}, {"settle", deed_settle},
    {"end", deed_end}, {"remove", deed_remove}, {"answers", deed_answers}, {"half", deed_half},
    {"drop half", deed_drop_half}, {"held", deed_held}};
#define DEEDS (sizeof(deeds) / sizeof(deeds[0]))

/* ---- all or nothing ---- */

static int64_t
fingerprint(struct world *world)
{
	static const struct sql parts[] = {
	    {"SELECT count(*) * 7 + COALESCE(CAST(sum(version) AS BIGINT), 0) FROM resource"},
	    {"SELECT count(*) FROM resource_history"},
	    {"SELECT count(*) FROM resource_index"},
	    {"SELECT count(*) * 7 + COALESCE(CAST(sum(until / 1000000) AS BIGINT), 0) FROM journal_share"},
	    {"SELECT count(*) * 7 + count(agreed) * 3 + count(ended) FROM journal_rule"},
	    {"SELECT count(*) * 7 + count(told) * 3 + count(settled) FROM journal_alert"},
	    {"SELECT count(*) FROM journal_seen"},
	    {"SELECT count(*) FROM journal_comment"},
	    {"SELECT count(*) FROM journal_reminder"},
	    {"SELECT count(*) FROM thread"},
	    {"SELECT count(*) FROM message"},
	    {"SELECT count(*) FROM attachment"},
	    {"SELECT count(*) FROM attachment_chunk"},
	    {"SELECT count(*) FROM outbox"},
	};

	return world_fingerprint(world, parts, sizeof(parts) / sizeof(parts[0]));
}

static void
scene_open(struct scene *s, void **state)
{
	*s = (struct scene){0};
	room_open(&s->r, state);
	s->rule = uuid_new(s->r.bo.now);
	s->answers = uuid_new(s->r.bo.now);
	assert_ok(messaging_terms_choose(&s->r.bo, true));
	look_anew(&s->r);
}

static void
a_failing_statement_undoes_the_whole_deed(void **state)
{
	struct scene s;

	scene_open(&s, state);
	for (size_t i = 0; i < DEEDS; i++) {
		int64_t nth, before = fingerprint(s.r.world);

		if (deeds[i].run == deed_held)
			assert_ok(scanner_set(&s.r.world->cx, S("127.0.0.1:1")));
		for (nth = 1; nth < STATEMENTS_MAX; nth++) {
			const struct err *error;
			bool reached;

			s.r.bo.now.ms++;
			look_anew(&s.r);
			db_fault_arm(s.r.world->db, DB_FAULT_ERROR, nth);
			error = deeds[i].run(&s);
			reached = db_fault_count(s.r.world->db) >= nth;
			db_fault_arm(s.r.world->db, DB_FAULT_NONE, 0);
			if (!reached) {
				if (error)
					fail_msg("%s: %s", deeds[i].name, error->log ? error->log : error->say);
				break;
			}
			if (!error)
				fail_msg(
				    "%s: statement %lld failed and the deed did not", deeds[i].name, (long long)nth);
			if (fingerprint(s.r.world) != before)
				fail_msg("%s: half done after statement %lld", deeds[i].name, (long long)nth);
		}
		assert_true(nth > 1 && nth < STATEMENTS_MAX);
		if (fingerprint(s.r.world) == before)
			fail_msg("%s: did nothing", deeds[i].name);
	}
	room_close(&s.r);
}

/* ---- again until it is done ---- */

/* Runs `run` with its nth statement failing, then as it is; false when it has no nth statement. */
static bool
fails_and_is_done_again(struct world *world, const struct err *(*run)(struct scene *), struct scene *s, int64_t nth)
{
	const struct err *error;
	bool reached;

	look_anew(&s->r);
	db_fault_arm(world->db, DB_FAULT_ERROR, nth);
	error = run(s);
	reached = db_fault_count(world->db) >= nth;
	db_fault_arm(world->db, DB_FAULT_NONE, 0);
	if (!reached)
		assert_ok(error);
	look_anew(&s->r);
	assert_ok(run(s));
	return reached;
}

static const struct err *
tell(struct scene *s)
{
	struct cx job = world_cx(s->r.world);
	const struct err *error;

	job.now = instant_add_ms(s->r.world->cx.now, DAY_MS);
	error = journal_tell(&job);
	db_release(&job);
	return error;
}

static void
a_limit_is_told_once_however_often_telling_fails(void **state)
{
	struct scene s;
	struct db_rows rows;
	int64_t nth = 1, told = 0;
	bool reached = true;

	scene_open(&s, state);
	assert_ok(deed_share_weight(&s));
	look_anew(&s.r);
	assert_ok(deed_rule(&s));
	look_anew(&s.r);
	assert_ok(deed_agree(&s));
	for (; reached && nth < STATEMENTS_MAX; nth++) {
		look_anew(&s.r);
		assert_ok(deed_write(&s));
		reached = fails_and_is_done_again(s.r.world, tell, &s, nth);
		look_anew(&s.r);
		assert_ok(inbox_list(&s.r.ben, &(struct inbox_query){.filter = INBOX_OPEN, .count_max = 200}, &rows));
		assert_int_equal(rows.count, ++told);
		assert_ok(deed_settle(&s));
	}
	assert_true(nth > 2 && nth < STATEMENTS_MAX);
	room_close(&s.r);
}

static const struct err *
scan(struct scene *s)
{
	struct outbox_item item = {.key = s->file};

	db_refresh(&s->r.world->cx);
	return journal_scan_deliver(&s->r.world->cx, &item);
}

static void
a_held_file_is_let_in_once_however_often_that_fails(void **state)
{
	struct scene s;
	struct scanner scanner;
	struct attachment_figures figures;
	struct resource resource;
	int64_t nth = 1;
	bool reached = true;

	scene_open(&s, state);
	for (; reached && nth < STATEMENTS_MAX; nth++) {
		assert_ok(scanner_set(&s.r.world->cx, S("127.0.0.1:1")));
		look_anew(&s.r);
		assert_ok(bring(&s, "A letter that waits"));
		scanner_start(s.r.world, &scanner, "stream: OK");
		reached = fails_and_is_done_again(s.r.world, scan, &s, nth);
		scanner_stop(&scanner);
		look_anew(&s.r);
		assert_ok(resource_get(&s.r.bo, RESOURCE_BINARY, s.file, &resource));
		assert_int_equal(resource.version, 1);
		assert_ok(attachment_figures(&s.r.bo, &figures));
		assert_int_equal(figures.held, 0);
	}
	assert_true(nth > 2 && nth < STATEMENTS_MAX);
	room_close(&s.r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    WORLD_TEST(a_failing_statement_undoes_the_whole_deed),
	    WORLD_TEST(a_limit_is_told_once_however_often_telling_fails),
	    WORLD_TEST(a_held_file_is_let_in_once_however_often_that_fails),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
