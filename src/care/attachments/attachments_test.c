/* SPDX-License-Identifier: Apache-2.0 */
/* What is kept, and what the scanner finds; the scanner's part is played by a socket of our own where it must misbehave
 * (test/journeys/attachments.mjs has the real one). */
#include "people.h"

#include "care/attachments/attachments_store.h"
#include "care/attachments/scanner_test_help.h"

/* ---- keeping ---- */

struct adding {
	struct attachment_sealed *sealed;
	struct attachment *out;
};

static const struct err *
add(struct tx *tx, void *arg)
{
	struct adding *in = arg;

	return attachment_add(tx, in->sealed, in->out);
}

static const struct err *
keep(struct world *world, const struct attachment_holder *holder, str name, str content, bool large,
    struct attachment *out)
{
	struct adding in = {.out = out};

	TRY(attachment_prepare(&world->cx,
	    &(struct attachment_new){
		.holder = *holder, .name = name, .content = content, .limits = attachment_limits(large)},
	    &in.sealed));
	return db_write(&world->cx, add, &in);
}

static struct attachment_holder
somebody(struct world *world, struct people *p)
{
	people_setup(world, p);
	return (struct attachment_holder){p->maria, p->maria_account, uuid_new(world->cx.now)};
}

static const struct err *
gather(void *arg, str bytes)
{
	buf_add(arg, bytes);
	return NULL;
}

static str
read_back(struct world *world, const struct attachment *file)
{
	struct buf out = BUF_INIT(&world->arena);

	db_refresh(&world->cx);
	assert_ok(attachment_read(&world->cx, file, gather, &out));
	return buf_str(&out);
}

static str
noise(struct world *world, size_t n, char seed)
{
	char *text = arena_text(&world->arena, n);

	for (size_t i = 0; i < n; i++)
		text[i] = (char)('a' + (i * 7 + i / 251 + (size_t)seed) % 26);
	return (str){text, n};
}

static int64_t
count_rows(struct world *world, struct sql sql)
{
	int64_t n;

	db_refresh(&world->cx);
	assert_ok(db_one(&world->cx, sql, BIND_NONE, INTO(&n, ONE_INT)));
	return n;
}

static void
a_file_comes_back_as_it_was_and_stands_sealed(void **state)
{
	struct world *world = *state;
	struct people p;
	struct attachment_holder holder = somebody(world, &p);
	str content = noise(world, 600000, 1);
	struct attachment file, again;
	struct db_rows rows;

	assert_ok(keep(world, &holder, S("diary.txt"), content, false, &file));
	assert_int_equal(file.state, SCAN_UNCHECKED);
	assert_true(str_equal(read_back(world, &file), content));
	assert_ok(attachments_of(&world->cx, &holder, &rows));
	assert_int_equal(rows.count, 1);
	again = *(struct attachment *)rows.items;
	assert_str_equal(again.name, "diary.txt");
	assert_int_equal(again.bytes, 600000);
	assert_int_equal(count_rows(world, SQL("SELECT count(*) FROM attachment_chunk")), 3);
	assert_int_equal(
	    count_rows(world, SQL("SELECT count(*) FROM attachment_chunk WHERE length(body) > 200000")), 0);
	holder.account = p.bo_account; /* not somebody else's under the same id */
	assert_ok(attachments_of(&world->cx, &holder, &rows));
	assert_int_equal(rows.count, 0);
}

static void
limits_hold_and_say_what_is_wrong(void **state)
{
	struct world *world = *state;
	struct people p;
	struct attachment_holder holder = somebody(world, &p);
	struct attachment file;

	assert_fails(keep(world, &holder, S("a.txt"), S(""), false, &file), ERR_INVALID);
	assert_fails(keep(world, &holder, S("a.exe"), S("MZ\x90\0\3"), false, &file), ERR_INVALID);
	assert_fails(keep(world, &holder, S("a.tif"), S("II*\0\x08\0\0\0"), false, &file), ERR_INVALID);
	assert_ok(keep(world, &holder, S("a.tif"), S("II*\0\x08\0\0\0"), true, &file));
	assert_fails(keep(world, &holder, S("a.txt"), noise(world, 6000001, 1), false, &file), ERR_INVALID);
	assert_ok(keep(world, &holder, S("a.txt"), noise(world, 6000000, 1), false, &file));
	assert_fails(keep(world, &holder, S("b.txt"), noise(world, 6000000, 1), false, &file), ERR_INVALID);
	assert_fails(keep(world, &holder, S("b.txt"), noise(world, 4000000, 2), false, &file), ERR_INVALID);
	assert_ok(keep(world, &holder, S("b.txt"), S("small"), false, &file));
	assert_ok(keep(world, &holder, S("c.txt"), S("smaller"), false, &file));
	assert_fails(keep(world, &holder, S("d.txt"), S("the fifth"), false, &file), ERR_INVALID);
	assert_ok(keep(world, &holder, S("d.txt"), S("the fifth"), true, &file));
}

static const struct err *
remove_one(struct tx *tx, void *arg)
{
	return attachment_remove(tx, arg);
}

static const struct err *
drop(struct tx *tx, void *arg)
{
	return attachments_drop(tx, arg);
}

static void
what_is_removed_leaves_nothing_behind(void **state)
{
	struct world *world = *state;
	struct people p;
	struct attachment_holder holder = somebody(world, &p), other = holder;
	struct attachment one, two, three;

	other.id = uuid_new(world->cx.now);
	assert_ok(keep(world, &holder, S("a.txt"), S("one"), false, &one));
	assert_ok(keep(world, &holder, S("b.txt"), S("two"), false, &two));
	assert_ok(keep(world, &other, S("c.txt"), S("three"), false, &three));
	assert_ok(db_write(&world->cx, remove_one, &one));
	assert_int_equal(count_rows(world, SQL("SELECT count(*) FROM attachment_chunk")), 2);
	assert_ok(db_write(&world->cx, drop, &holder));
	assert_int_equal(count_rows(world, SQL("SELECT count(*) FROM attachment_chunk")), 1);
	assert_int_equal(count_rows(world, SQL("SELECT count(*) FROM attachment")), 1);
	assert_str_equal(read_back(world, &three), "three");
}

static void
a_failing_statement_keeps_nothing_of_a_file(void **state)
{
	struct world *world = *state;
	struct people p;
	struct attachment_holder holder = somebody(world, &p);
	struct attachment file;
	int64_t nth;

	assert_ok(scanner_set(&world->cx, S("127.0.0.1:1"))); /* nobody there: held, with an outbox item */
	for (nth = 1; nth < 50; nth++) {
		const struct err *error;
		int64_t ran;

		db_fault_arm(world->db, DB_FAULT_ERROR, nth);
		error = keep(world, &holder, S("a.txt"), noise(world, 600000, 1), false, &file);
		ran = db_fault_count(world->db);
		db_fault_arm(world->db, DB_FAULT_NONE, 0);
		if (ran < nth) {
			assert_ok(error);
			break;
		}
		assert_non_null(error);
		assert_int_equal(count_rows(world, SQL("SELECT count(*) FROM attachment")), 0);
		assert_int_equal(count_rows(world, SQL("SELECT count(*) FROM attachment_chunk")), 0);
		assert_int_equal(count_rows(world, SQL("SELECT count(*) FROM outbox")), 0);
	}
	assert_true(nth > 4 && nth < 50);
	assert_int_equal(count_rows(world, SQL("SELECT count(*) FROM outbox")), 1);
}

static void
what_the_scanner_finds_is_not_kept(void **state)
{
	struct world *world = *state;
	struct people p;
	struct attachment_holder holder = somebody(world, &p);
	struct attachment file;
	struct scanner scanner;
	const struct err *error;

	scanner_start(world, &scanner, "stream: Test.Virus FOUND");
	error = keep(world, &holder, S("a.txt"), S("bad"), false, &file);
	assert_fails(error, ERR_INVALID);
	assert_true(str_contains(str_from_z(error->say), S("Test.Virus")));
	assert_int_equal(count_rows(world, SQL("SELECT count(*) FROM attachment")), 0);
	scanner_stop(&scanner);
	scanner_start(world, &scanner, "stream: OK");
	assert_ok(keep(world, &holder, S("a.txt"), noise(world, 1000000, 1), false, &file));
	assert_int_equal(file.state, SCAN_CLEAN);
	scanner_stop(&scanner);
}

static void
while_the_scanner_is_away_files_are_held_and_then_settled(void **state)
{
	struct world *world = *state;
	struct people p;
	struct attachment_holder holder = somebody(world, &p);
	struct attachment good, bad, out;
	struct scanner scanner;
	struct buf bytes = BUF_INIT(&world->arena);
	bool changed;

	assert_ok(scanner_set(&world->cx, S("127.0.0.1:1")));
	assert_ok(keep(world, &holder, S("good.txt"), S("good"), false, &good));
	assert_ok(keep(world, &holder, S("bad.txt"), S("bad"), false, &bad));
	assert_int_equal(good.state, SCAN_WAITING);
	assert_fails(attachment_read(&world->cx, &good, gather, &bytes), ERR_CONFLICT);
	assert_fails(attachment_scan(&world->cx, good.id, &out, &changed), ERR_BUSY);

	scanner_start(world, &scanner, "stream: OK");
	assert_ok(attachment_scan(&world->cx, good.id, &out, &changed));
	assert_true(changed && out.state == SCAN_CLEAN);
	assert_str_equal(read_back(world, &out), "good");
	assert_ok(attachment_scan(&world->cx, good.id, &out, &changed));
	assert_false(changed);
	scanner_stop(&scanner);

	scanner_start(world, &scanner, "INSTREAM size limit exceeded. ERROR");
	assert_fails(attachment_scan(&world->cx, bad.id, &out, &changed), ERR_BUSY);
	scanner_stop(&scanner);
	scanner_start(world, &scanner, "stream: Test.Virus FOUND");
	assert_ok(attachment_scan(&world->cx, bad.id, &out, &changed));
	assert_true(changed && out.state == SCAN_INFECTED);
	assert_str_equal(out.finding, "Test.Virus");
	assert_int_equal(count_rows(world, SQL("SELECT count(*) FROM attachment_chunk")), 1);
	assert_fails(attachment_read(&world->cx, &out, gather, &bytes), ERR_CONFLICT);
	scanner_stop(&scanner);
}

static void
the_address_of_a_scanner_is_checked(void **state)
{
	struct world *world = *state;
	static const char *const bad[] = {"clamd", "unix:clamd", "host:", ":3310", "host:0", "host:99999"};
	str address;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_fails(scanner_set(&world->cx, str_from_z(bad[i])), ERR_INVALID);
	assert_ok(scanner_get(&world->cx, &address));
	assert_null(address.p);
	assert_ok(scanner_set(&world->cx, S("unix:/nowhere/clamd.ctl")));
	assert_ok(scanner_get(&world->cx, &address));
	assert_str_equal(address, "unix:/nowhere/clamd.ctl");
	assert_fails(scanner_ping(&world->cx, address, &address), ERR_BUSY);
	assert_ok(scanner_set(&world->cx, S("")));
	assert_ok(scanner_get(&world->cx, &address));
	assert_null(address.p);
}

int
main(void)
{
	const struct CMUnitTest list[] = {
	    WORLD_TEST(a_file_comes_back_as_it_was_and_stands_sealed),
	    WORLD_TEST(limits_hold_and_say_what_is_wrong),
	    WORLD_TEST(what_is_removed_leaves_nothing_behind),
	    WORLD_TEST(a_failing_statement_keeps_nothing_of_a_file),
	    WORLD_TEST(what_the_scanner_finds_is_not_kept),
	    WORLD_TEST(while_the_scanner_is_away_files_are_held_and_then_settled),
	    WORLD_TEST(the_address_of_a_scanner_is_checked),
	};

	return cmocka_run_group_tests_name("attachments", list, NULL, NULL);
}
