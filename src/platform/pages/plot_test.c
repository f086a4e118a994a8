/* SPDX-License-Identifier: Apache-2.0 */
/* Plots: round axes whatever the numbers, nothing but numbers in the drawing, and golden drawings in test/golden/plot. */
#include <cairo.h>
#include <math.h>
#include <stdio.h>

#include "platform/pages/pages.h"
#include "unit.h"

/* As test/world.c, of which this test needs nothing else. */
const char *__lsan_default_suppressions(void);
const char *
__lsan_default_suppressions(void)
{
	return "leak:libfontconfig\nleak:libpango\nleak:libglib\n";
}

static uint64_t seed = 1;

static uint64_t
next_random(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	return seed ^= seed << 17;
}

static void
the_value_axis_is_round_and_holds_every_value(void **state)
{
	(void)state;
	for (int i = 0; i < 200000; i++) {
		double size = pow(10, (double)(next_random() % 22) - 10), lead;
		double low = ((double)(next_random() % 2001) / 1000 - 1) * size,
		       high = low + (double)(next_random() % 1000) / 500 * size;
		struct plot_axis axis = plot_axis_of(low, high);

		assert_true(isfinite(axis.low) && isfinite(axis.high) && axis.low < axis.high);
		assert_true(axis.low <= low + 1e-9 * size && axis.high >= high - 1e-9 * size);
		assert_in_range(axis.ticks, 3, 9);
		lead = axis.step / pow(10, floor(log10(axis.step) + 1e-9));
		assert_true(fabs(lead - 1) < 1e-6 || fabs(lead - 2) < 1e-6 || fabs(lead - 5) < 1e-6);
		assert_true(fabs(axis.low + (axis.ticks - 1) * axis.step - axis.high) < axis.step / 1000);
		if (low >= 0)
			assert_true(axis.low >= 0);
	}
}

static void
a_single_value_gets_an_axis_too(void **state)
{
	static const double values[] = {0, 5, -5, 1e-9, 120, PLOT_VALUE_MAX, -PLOT_VALUE_MAX};

	(void)state;
	for (size_t i = 0; i < sizeof(values) / sizeof(*values); i++) {
		struct plot_axis axis = plot_axis_of(values[i], values[i]);

		assert_true(axis.low <= values[i] && axis.high >= values[i] && axis.low < axis.high);
	}
}

static void
time_ticks_are_few_ascending_and_inside(void **state)
{
	struct arena arena = ARENA_INIT;
	const struct zone *zone;

	(void)state;
	assert_ok(zone_find(S("America/New_York"), &zone));
	for (int i = 0; i < 20000; i++) {
		instant from = {(int64_t)(next_random() % (uint64_t)(100 * 365 * DAY_MS)) - 50 * 365 * DAY_MS};
		int64_t length = (int64_t)(next_random() % 1000000) + 1;
		instant to;
		struct plot_ticks ticks;

		length <<= next_random() % 22;
		to = instant_add_ms(from, length);
		plot_time_ticks(&arena, LANG_EN, zone, from, to, &ticks);
		assert_in_range(ticks.count, 1, PLOT_TICKS_MAX);
		if (length > 2 * HOUR_MS)
			assert_true(ticks.count >= 2);
		for (size_t k = 0; k < ticks.count; k++) {
			assert_true(ticks.at[k].ms >= from.ms && ticks.at[k].ms <= to.ms);
			assert_true(k == 0 || ticks.at[k].ms > ticks.at[k - 1].ms);
			assert_true(ticks.label[k].n > 0);
		}
		arena_clear(&arena);
	}
	arena_release(&arena);
}

static void
odd_numbers_leave_no_trace_in_the_drawing(void **state)
{
	struct arena arena = ARENA_INIT;
	const struct plot_point points[] = {
	    {{0}, NAN, NAN, STR_NONE},
	    {{DAY_MS}, INFINITY, 5, STR_NONE},
	    {{2 * DAY_MS}, 1e300, -INFINITY, STR_NONE},
	    {INSTANT_NONE, 5, PLOT_SINGLE, STR_NONE},
	    {{INT64_MAX}, 5, PLOT_SINGLE, STR_NONE},
	    {{3 * DAY_MS}, 5, INFINITY, S_INIT("<b>")},
	    {{3 * DAY_MS}, -0.0, 1e300, STR_NONE},
	};
	struct plot_series series = {S("A"), points, 7};
	struct plot plot = {.title = S("x < y"),
	    .unit = S("%"),
	    .series = &series,
	    .series_count = 1,
	    .range_low = NAN,
	    .range_high = INFINITY};
	str svg = plot_svg(&arena, &plot).text;

	(void)state;
	assert_true(svg.n > 0);
	assert_false(str_contains(svg, S("nan")) || str_contains(svg, S("inf")) || str_contains(svg, S("-0.0")));
	assert_false(str_contains(svg, S("<b>")));
	series.count = 6; /* one point that can be drawn is no plot */
	assert_int_equal(plot_svg(&arena, &plot).text.n, 0);
	plot.series_count = 0;
	assert_int_equal(plot_svg(&arena, &plot).text.n, 0);
	arena_release(&arena);
}

static void
random_series_stay_inside_the_frame(void **state)
{
	struct arena arena = ARENA_INIT;

	(void)state;
	for (int round = 0; round < 300; round++) {
		struct plot_point points[40];
		struct plot_series series = {S("A"), points, 2 + next_random() % 39};
		struct plot plot = {
		    .title = S("t"), .series = &series, .series_count = 1, .range_low = 1, .range_high = 2};
		str rest, piece;

		for (size_t i = 0; i < series.count; i++)
			points[i] =
			    (struct plot_point){{(int64_t)(next_random() % (1ull << 42))}, (double)next_random() / 1e12,
				next_random() % 2 ? PLOT_SINGLE : (double)(next_random() % 1000), STR_NONE};
		rest = plot_svg(&arena, &plot).text;
		while (rest.p) {
			size_t at;
			double x, y;

			rest = str_cut(rest, '\n', &piece);
			while (str_find(piece, S("cx=\""), &at)) {
				piece = str_drop(piece, at);
				assert_int_equal(
				    sscanf(arena_z(&arena, str_take(piece, 60)), "cx=\"%lf\" cy=\"%lf\"", &x, &y), 2);
				assert_true(x >= 56 && x <= 464 && y >= 34 && y <= 246);
				piece = str_drop(piece, 4);
			}
		}
		arena_clear(&arena);
	}
	arena_release(&arena);
}

/* ---- golden drawings ---- */

static void
assert_golden(struct arena *arena, const char *name, str svg)
{
	const char *source = getenv("SALVE_SOURCE");
	const char *path =
	    arena_z(arena, arena_printf(arena, "%s/test/golden/plot/%s.svg", source ? source : ".", name));
	struct buf expected = BUF_INIT(arena);
	FILE *file;

	if (getenv("SALVE_WRITE_GOLDEN")) {
		file = fopen(path, "wb");
		assert_non_null(file);
		assert_int_equal(fwrite(svg.p, 1, svg.n, file), svg.n);
		fclose(file);
	}
	file = fopen(path, "rb");
	assert_non_null(file);
	expected.n = fread(buf_reserve(&expected, 65536), 1, 65536, file);
	fclose(file);
	assert_string_equal(arena_z(arena, svg), arena_z(arena, buf_str(&expected)));
}

static void
two_series_with_a_usual_range(void **state)
{
	struct arena arena = ARENA_INIT;
	const struct plot_point clinic[] = {{{INT64_C(1741000000000)}, 8.2, PLOT_SINGLE, S_INIT("8.2 %")},
	    {{INT64_C(1764500000000)}, 7.1, PLOT_SINGLE, S_INIT("7.1 %")},
	    {{INT64_C(1750000000000)}, 7.9, PLOT_SINGLE, S_INIT("7.9 %")}};
	const struct plot_point mine[] = {{{INT64_C(1755000000000)}, 7.4, PLOT_SINGLE, S_INIT("7.4 %")}};
	const struct plot_series series[] = {{S_INIT("Clinic"), clinic, 3}, {S_INIT("My readings"), mine, 1}};
	const struct plot plot = {.title = S("Hemoglobin A1c"),
	    .unit = S("%"),
	    .words = S("7.1 %, down from 8.2 %"),
	    .range_low = 4,
	    .range_high = 5.6,
	    .series = series,
	    .series_count = 2};

	(void)state;
	assert_golden(&arena, "two-series", plot_svg(&arena, &plot).text);
	arena_release(&arena);
}

static void
pairs_for_blood_pressure_in_spanish(void **state)
{
	struct arena arena = ARENA_INIT;
	const struct plot_point points[] = {{{INT64_C(1772300000000)}, 128, 82, S_INIT("128/82 mmHg")},
	    {{INT64_C(1772560000000)}, 141, 90, S_INIT("141/90 mmHg")}};
	const struct plot_series series = {S("Mis lecturas"), points, 2};
	const struct plot plot = {.title = S("Presión"),
	    .unit = S("mmHg"),
	    .words = S("141/90"),
	    .series = &series,
	    .series_count = 1,
	    .lang = LANG_ES};

	(void)state;
	assert_golden(&arena, "pairs", plot_svg(&arena, &plot).text);
	arena_release(&arena);
}

static void
bars_as_columns_and_as_rows(void **state)
{
	struct arena arena = ARENA_INIT;
	const struct bar bars[] = {{S_INIT("1 Mar"), {12, 3}, {S_INIT("12 (80 %)")}},
	    {S_INIT("2 <Mar>"), {0, 1}, {STR_NONE}}, {S_INIT("3 Mar"), {1400, -5}, {STR_NONE}}};
	struct bars in = {.title = S("Messages & more"),
	    .unit = S("messages"),
	    .words = S("1,412 from patients"),
	    .names = {S_INIT("from patients"), S_INIT("from the team")},
	    .series_count = 2,
	    .bars = bars,
	    .count = 3};

	(void)state;
	assert_golden(&arena, "bars-columns", bars_columns_svg(&arena, &in).text);
	assert_golden(&arena, "bars-rows", bars_rows_svg(&arena, &in).text);
	in.count = 0;
	assert_int_equal(bars_rows_svg(&arena, &in).text.n, 0);
	in.count = 3;
	in.series_count = 1;
	assert_true(bars_columns_svg(&arena, &in).text.n > 0);
	in.bars = &bars[1];
	in.count = 1; /* nothing but zeros in its one series */
	assert_int_equal(bars_columns_svg(&arena, &in).text.n, 0);
	arena_release(&arena);
}

/* ---- as a picture ---- */

struct taking {
	str left;
};

static cairo_status_t
give_bytes(void *arg, unsigned char *to, unsigned n)
{
	struct taking *t = arg;

	if (t->left.n < n)
		return CAIRO_STATUS_READ_ERROR;
	memcpy(to, t->left.p, n);
	t->left = str_drop(t->left, n);
	return CAIRO_STATUS_SUCCESS;
}

/* How many pixels have the ink of own readings, of the clinic's, any other than paper. */
static void
count_inks(str png, size_t *first, size_t *second, size_t *other)
{
	struct taking t = {png};
	cairo_surface_t *surface = cairo_image_surface_create_from_png_stream(give_bytes, &t);

	*first = *second = *other = 0;
	assert_int_equal(cairo_surface_status(surface), CAIRO_STATUS_SUCCESS);
	assert_int_equal(cairo_image_surface_get_width(surface), 960);
	assert_int_equal(cairo_image_surface_get_height(surface), 560);
	for (int y = 0; y < 560; y++)
		for (int x = 0; x < 960; x++) {
			const unsigned char *row =
			    cairo_image_surface_get_data(surface) + y * cairo_image_surface_get_stride(surface);
			uint32_t pixel = 0;

			memcpy(&pixel, row + (size_t)x * 4, 4);
			pixel &= 0xFFFFFF;
			*first += pixel == 0x004F99;
			*second += pixel == 0x995100;
			*other += pixel != 0xFFFFFF && pixel != 0x004F99 && pixel != 0x995100;
		}
	cairo_surface_destroy(surface);
}

static void
the_picture_shows_what_the_drawing_shows(void **state)
{
	struct arena arena = ARENA_INIT;
	struct plot_point clinic[] = {{{0}, 80, PLOT_SINGLE, S_INIT("a")}, {{DAY_MS}, 81, PLOT_SINGLE, S_INIT("b")}},
			  own[] = {{{2 * DAY_MS}, 82, 60, S_INIT("c")}, {{3 * DAY_MS}, 79, 61, S_INIT("d")}};
	struct plot_series series[] = {{S_INIT("Clinic & co"), clinic, 2}, {S_INIT("Own"), own, 2}};
	struct plot plot = {.title = S("Weight <kg>"), .unit = S("kg"), .series = series, .series_count = 1};
	size_t first, second, other;
	str png;

	(void)state;
	assert_ok(plot_png(&arena, &plot, &png));
	count_inks(png, &first, &second, &other);
	assert_true(first > 300 && second == 0 && other > 1000);
	plot.series_count = 2;
	assert_ok(plot_png(&arena, &plot, &png));
	count_inks(png, &first, &second, &other);
	if (first <= 300 || second <= 300)
		fail_msg("%zu pixels of the clinic, %zu of the person", first, second);
	series[0].count = 1;
	plot.series_count = 1;
	assert_ok(plot_png(&arena, &plot, &png));
	assert_int_equal(png.n, 0); /* as the drawing: one value is no course */
	arena_release(&arena);
}

int
main(void)
{
	const struct CMUnitTest all[] = {
	    cmocka_unit_test(the_value_axis_is_round_and_holds_every_value),
	    cmocka_unit_test(a_single_value_gets_an_axis_too),
	    cmocka_unit_test(time_ticks_are_few_ascending_and_inside),
	    cmocka_unit_test(odd_numbers_leave_no_trace_in_the_drawing),
	    cmocka_unit_test(random_series_stay_inside_the_frame),
	    cmocka_unit_test(two_series_with_a_usual_range),
	    cmocka_unit_test(pairs_for_blood_pressure_in_spanish),
	    cmocka_unit_test(bars_as_columns_and_as_rows),
	    cmocka_unit_test(the_picture_shows_what_the_drawing_shows),
	};

	return cmocka_run_group_tests(all, NULL, NULL);
}
