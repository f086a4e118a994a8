/* SPDX-License-Identifier: Apache-2.0 */
/* What a file is, what it is called, what the scanner says, and what is kept; the scanner's part is played by a socket of our
 * own where it must misbehave (test/journeys/attachments.mjs has the real one). */
#include "people.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include "care/attachments/attachments_store.h"

#define PNG  "\x89PNG\r\n\x1a\n\0\0\0\rIHDR and so on"
#define JPEG "\xff\xd8\xff\xe0 and so on"

/* ---- what it is ---- */

static void
add_number(struct buf *out, uint32_t number, int bytes)
{
	for (int i = 0; i < bytes; i++, number >>= 8)
		buf_add_char(out, (char)(number & 0xff));
}

static void
add_zeros(struct buf *out, size_t n)
{
	for (size_t i = 0; i < n; i++)
		buf_add_char(out, '\0');
}

/* A ZIP of stored entries without content, but for the first one. */
static str
zip_of(struct arena *arena, str content, const char *const *names)
{
	struct buf out = BUF_INIT(arena), directory = BUF_INIT(arena);
	uint32_t count = 0, at;

	for (; names[count]; count++) {
		str name = str_from_z(names[count]), body = count ? S("") : content;
		uint32_t begin = (uint32_t)out.n;

		buf_add(&out, S("PK\3\4"));
		add_zeros(&out, 14);
		add_number(&out, (uint32_t)body.n, 4);
		add_number(&out, (uint32_t)body.n, 4);
		add_number(&out, (uint32_t)name.n, 2);
		add_zeros(&out, 2);
		buf_add(&out, name);
		buf_add(&out, body);
		buf_add(&directory, S("PK\1\2"));
		add_zeros(&directory, 24);
		add_number(&directory, (uint32_t)name.n, 2);
		add_zeros(&directory, 12);
		add_number(&directory, begin, 4);
		buf_add(&directory, name);
	}
	at = (uint32_t)out.n;
	buf_add(&out, buf_str(&directory));
	buf_add(&out, S("PK\5\6"));
	add_zeros(&out, 4);
	add_number(&out, count, 2);
	add_number(&out, count, 2);
	add_number(&out, (uint32_t)directory.n, 4);
	add_number(&out, at, 4);
	add_zeros(&out, 2);
	return buf_str(&out);
}

/* A compound file of 512-byte sectors: 0 the allocation table, 1 an empty piece of the directory, 2 the one with `stream`. */
static str
compound_of(struct arena *arena, const char *stream)
{
	struct buf out = BUF_INIT(arena);
	size_t n = strlen(stream);

	buf_add(&out, S("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"));
	add_zeros(&out, 22);
	add_number(&out, 9, 2);
	add_zeros(&out, 16);
	add_number(&out, 1, 4); /* the directory begins in sector 1 */
	add_zeros(&out, 24);    /* to byte 76 */
	add_number(&out, 0, 4); /* the table is sector 0 */
	for (int i = 1; i < 109; i++)
		add_number(&out, 0xFFFFFFFFu, 4);
	add_number(&out, 0xFFFFFFFDu, 4);
	add_number(&out, 2, 4); /* after 1 comes 2 */
	add_number(&out, 0xFFFFFFFEu, 4);
	for (int i = 3; i < 128; i++)
		add_number(&out, 0xFFFFFFFFu, 4);
	add_zeros(&out, 512);
	for (size_t i = 0; i < n; i++)
		add_number(&out, (unsigned char)stream[i], 2);
	add_zeros(&out, 64 - 2 * n);
	add_number(&out, (uint32_t)(2 * n + 2), 2);
	add_zeros(&out, 512 - 66);
	return buf_str(&out);
}

static void
files_are_known_by_what_is_in_them(void **state)
{
	struct arena arena = ARENA_INIT;
	static const char *const docx[] = {"[Content_Types].xml", "word/document.xml", NULL};
	static const char *const xlsx[] = {"[Content_Types].xml", "xl/workbook.xml", NULL};
	static const char *const odt[] = {"mimetype", "content.xml", NULL};
	const struct {
		str content;
		enum file_kind kind;
	} cases[] = {
	    {S(PNG), FILE_PNG},
	    {S(JPEG), FILE_JPEG},
	    {S("GIF89a......"), FILE_GIF},
	    {S("%PDF-1.7\n..."), FILE_PDF},
	    {S("{\\rtf1 hello}"), FILE_RTF},
	    {S("pressure 120/80\nMar\xc3\xad"
	       "a\n"),
		FILE_TEXT},
	    {S("MM\0*\0\0\0\x08"), FILE_TIFF},
	    {S("\0\0\0\x18"
	       "ftypmp42...."),
		FILE_MP4},
	    {S("BM\x20\0\0\0\0\0\0\0\x1a\0\0\0\x0c\0\0\0aaaaaaaaaaaaaa"), FILE_BMP},
	    {zip_of(&arena, S(""), docx), FILE_DOCX},
	    {zip_of(&arena, S(""), xlsx), FILE_XLSX},
	    {zip_of(&arena, S("application/vnd.oasis.opendocument.text"), odt), FILE_ODT},
	    {compound_of(&arena, "WordDocument"), FILE_DOC},
	    {compound_of(&arena, "Workbook"), FILE_XLS},
	    {compound_of(&arena, "Book"), FILE_XLS},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (file_kind_of(cases[i].content) != cases[i].kind)
			fail_msg("case %zu is %d", i, file_kind_of(cases[i].content));
	arena_release(&arena);
}

static void
what_only_looks_like_a_file_of_a_kind_is_none(void **state)
{
	struct arena arena = ARENA_INIT;
	static const char *const macros[] = {"word/document.xml", "word/vbaProject.bin", NULL};
	static const char *const plain[] = {"notes.txt", NULL};
	static const char *const odt[] = {"mimetype", "content.xml", NULL};
	str cut = zip_of(&arena, S(""), macros);
	const str cases[] = {S(""),
	    S("\x7f"
	      "ELF\2\1\1"),
	    S("MZ\x90\0\3"), S(" %PDF-1.7 \1"), S("PK\3\4 and nothing"), str_take(cut, cut.n - 10), cut,
	    zip_of(&arena, S(""), plain), zip_of(&arena, S("application/vnd.oasis.opendocument.presentation"), odt),
	    compound_of(&arena, "PowerPoint Document"), S("text with \0 in it"), S("latin \xe9 text"),
	    S("\0\0\0\x18"
	      "ftypheic...."),
	    S("BM and more than that")};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (file_kind_of(cases[i]) != (i == sizeof(cases) / sizeof(cases[0]) - 1 ? FILE_TEXT : FILE_OTHER))
			fail_msg("case %zu is %d", i, file_kind_of(cases[i]));
	arena_release(&arena);
}

static void
names_are_made_safe_and_end_as_the_kind_does(void **state)
{
	struct arena arena = ARENA_INIT;
	static const struct {
		const char *name;
		enum file_kind kind;
		const char *clean;
	} cases[] = {
	    {"rash.png", FILE_PNG, "rash.png"},
	    {"rash.PNG", FILE_PNG, "rash.PNG"},
	    {"rash.png", FILE_JPEG, "rash.png.jpg"},
	    {"photo.jpeg", FILE_JPEG, "photo.jpeg"},
	    {"run.bat", FILE_TEXT, "run.bat.txt"},
	    {"C:\\Users\\maria\\list.txt", FILE_TEXT, "list.txt"},
	    {"../../etc/passwd", FILE_TEXT, "passwd.txt"},
	    {"..hidden", FILE_PDF, "hidden.pdf"},
	    {"a<b>:c.pdf", FILE_PDF, "a_b__c.pdf"},
	    {"", FILE_PDF, "attachment.pdf"},
	    {"\xe2\x80\xae"
	     "gpj.exe",
		FILE_TEXT, "attachment.txt"},
	    {"Mar\xc3\xad"
	     "a.pdf",
		FILE_PDF,
		"Mar\xc3\xad"
		"a.pdf"},
	};
	str name, endless;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_str_equal(file_name_clean(&arena, str_from_z(cases[i].name), cases[i].kind), cases[i].clean);
	endless = arena_printf(&arena, "%0300d.pdf", 1);
	name = file_name_clean(&arena, endless, FILE_PDF);
	assert_int_equal(name.n, FILE_NAME_CHARS_MAX);
	assert_true(str_ends(name, S(".pdf")));
	arena_release(&arena);
}

static void
only_a_verdict_of_the_scanner_is_a_verdict(void **state)
{
	static const char *const none[] = {"", "OK", "stream:", "stream: ", "stream: FOUND", "stream:  FOUND but",
	    "PONG", "INSTREAM size limit exceeded. ERROR", "stream: Heuristics.Limits ERROR", "stream: OK\n",
	    "stream: a\1b FOUND"};
	enum scan_verdict verdict = VERDICT_CLEAN;
	str finding = S("before");

	(void)state;
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		if (scan_answer_read(str_from_z(none[i]), &verdict, &finding))
			fail_msg("taken for a verdict: %s", none[i]);
	assert_str_equal(finding, "before");
	assert_true(scan_answer_read(S("stream: Win.Test.EICAR_HDB-1 FOUND"), &verdict, &finding));
	assert_int_equal(verdict, VERDICT_INFECTED);
	assert_str_equal(finding, "Win.Test.EICAR_HDB-1");
	assert_true(scan_answer_read(S("stream: OK"), &verdict, &finding));
	assert_int_equal(verdict, VERDICT_CLEAN);
	assert_null(finding.p);
}

/* ---- a scanner of our own ---- */

struct scanner {
	int listener;
	pthread_t thread;
	const char *answer; /* NULL: says nothing */
	str address;
};

static bool
take(int fd, void *to, size_t n)
{
	return recv(fd, to, n, MSG_WAITALL) == (ssize_t)n;
}

/* Read the stream to its end, so that the client has sent everything. */
static void
talk(const struct scanner *scanner, int fd)
{
	char word[16] = {0}, piece[4096];
	unsigned char head[4];
	size_t n = 0;

	while (n < sizeof(word) - 1 && take(fd, word + n, 1) && word[n])
		n++;
	if (strcmp(word, "zVERSION") == 0) {
		(void)!write(fd, "ClamAV of a test", sizeof("ClamAV of a test"));
		return;
	}
	while (take(fd, head, 4)) {
		size_t left = (size_t)head[0] << 24 | (size_t)head[1] << 16 | (size_t)head[2] << 8 | head[3];

		if (left == 0)
			break;
		while (left && take(fd, piece, left < sizeof(piece) ? left : sizeof(piece)))
			left -= left < sizeof(piece) ? left : sizeof(piece);
	}
	if (scanner->answer)
		(void)!write(fd, scanner->answer, strlen(scanner->answer) + 1);
}

static void *
serve(void *arg)
{
	struct scanner *scanner = arg;
	int fd;

	while ((fd = accept(scanner->listener, NULL, NULL)) >= 0) {
		talk(scanner, fd);
		close(fd);
	}
	return NULL;
}

static void
scanner_start(struct world *world, struct scanner *scanner, const char *answer)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t n = sizeof(at);

	*scanner = (struct scanner){.listener = socket(AF_INET, SOCK_STREAM, 0), .answer = answer};
	assert_int_equal(bind(scanner->listener, (struct sockaddr *)&at, sizeof(at)), 0);
	assert_int_equal(listen(scanner->listener, 4), 0);
	assert_int_equal(getsockname(scanner->listener, (struct sockaddr *)&at, &n), 0);
	scanner->address = arena_printf(&world->arena, "127.0.0.1:%d", ntohs(at.sin_port));
	assert_int_equal(pthread_create(&scanner->thread, NULL, serve, scanner), 0);
	assert_ok(scanner_set(&world->cx, scanner->address));
}

static void
scanner_stop(struct scanner *scanner)
{
	shutdown(scanner->listener, SHUT_RDWR);
	close(scanner->listener);
	pthread_join(scanner->thread, NULL);
}

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
	    cmocka_unit_test(files_are_known_by_what_is_in_them),
	    cmocka_unit_test(what_only_looks_like_a_file_of_a_kind_is_none),
	    cmocka_unit_test(names_are_made_safe_and_end_as_the_kind_does),
	    cmocka_unit_test(only_a_verdict_of_the_scanner_is_a_verdict),
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
