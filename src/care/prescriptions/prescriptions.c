/* SPDX-License-Identifier: Apache-2.0 */
/* All that belongs to a prescription put together: the order, what was dispensed, what was asked for; and the lists made of it. */
#include <stdlib.h>

#include "care/prescriptions/prescriptions_internal.h"
#include "care/record/record_pages.h"
#include "platform/format/utf8.h"

struct loading {
	struct cx *cx;
	struct arena scratch; /* of one resource */
	LIST(struct prescription) all;
	LIST(struct on_fill {
		struct rx_fill fill;
		str prescription;
		bool payer_refused;
	})
	fills;
};

/* What is kept lives longer than the resource it was read from. */
static void
keep(struct arena *arena, struct prescription *p)
{
	str *const texts[] = {&p->id, &p->title, &p->detail, &p->title_reference, &p->code_system, &p->code, &p->number,
	    &p->sig, &p->reason, &p->remark, &p->unit, &p->look, &p->who, &p->who_reference, &p->replaces};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		*texts[i] = arena_str(arena, *texts[i]);
}

static const struct err *
take_prescription(void *arg, const struct resource *resource)
{
	struct loading *in = arg;
	struct cx cx = *in->cx;
	const struct json_value *json;
	struct prescription one;
	bool take;

	arena_clear(&in->scratch);
	cx.arena = &in->scratch;
	TRY(json_parse(&in->scratch, resource->body, &json, NULL));
	prescription_read(&cx, resource, json, &one, &take);
	if (!take)
		return NULL;
	keep(in->cx->arena, &one);
	*LIST_ADD(in->cx->arena, &in->all) = one;
	return NULL;
}

static const struct err *
take_fill(void *arg, const struct resource *resource)
{
	struct loading *in = arg;
	struct arena *arena = in->cx->arena;
	const struct json_value *json;
	struct on_fill one;
	resource_type type;
	str id;

	arena_clear(&in->scratch);
	TRY(json_parse(&in->scratch, resource->body, &json, NULL));
	rx_fill_read(&in->scratch, json, &one.fill, &one.prescription, &one.payer_refused);
	if (!reference_split(one.prescription, &type, &id) || type != RESOURCE_MEDICATION_REQUEST)
		return NULL;
	one.prescription = arena_str(arena, id);
	one.fill.id = arena_str(arena, resource->id);
	one.fill.where = arena_str(arena, one.fill.where);
	one.fill.look = arena_str(arena, one.fill.look);
	*LIST_ADD(arena, &in->fills) = one;
	return NULL;
}

/* ---- putting it together ---- */

static int
by_time(const void *a, const void *b)
{
	const struct rx_fill *x = a, *y = b;

	return x->at.ms < y->at.ms ? 1 : x->at.ms > y->at.ms ? -1 : 0;
}

static void
add_fills(struct loading *in, struct prescription *p)
{
	p->fills = ARENA_ARRAY(in->cx->arena, struct rx_fill, in->fills.count + 1);
	for (size_t i = 0; i < in->fills.count; i++) {
		const struct on_fill *one = &in->fills.items[i];

		if (!str_equal(one->prescription, p->id) || p->type != RESOURCE_MEDICATION_REQUEST)
			continue;
		p->payer_refused |= one->payer_refused;
		if (!one->fill.done && !one->fill.coming)
			continue;
		p->fills[p->fill_count++] = one->fill;
		p->done_count += one->fill.done;
		p->coming |= one->fill.coming;
	}
	qsort(p->fills, p->fill_count, sizeof(p->fills[0]), by_time);
	for (size_t i = 0; i < p->fill_count; i++)
		if (p->fills[i].done && instant_is_none(p->last_fill))
			p->last_fill = p->fills[i].at;
	for (size_t i = 0; i < p->fill_count && !p->look.n; i++)
		p->look = p->fills[i].look;
	p->runs_out = rx_used_up(p->fills, p->fill_count, p->days);
	/* The first fill is the prescription itself; what comes after it are refills. */
	if (p->allowed != RX_NOT_SAID) {
		p->left = p->allowed - (p->done_count ? (int64_t)p->done_count - 1 : 0);
		p->left = p->left < 0 ? 0 : p->left;
	}
}

static void
add_requests(struct prescription *p, const struct db_rows *refills, const struct db_rows *renewals)
{
	const struct refill *refill = refills->items;
	const struct renewal *renewal = renewals->items;

	for (size_t i = 0; i < refills->count && !p->refill; i++) /* newest first */
		if (uuid_equal(refill[i].prescription, p->key) && refill[i].state != REFILL_WITHDRAWN)
			p->refill = &refill[i];
	for (size_t i = 0; i < renewals->count && !p->renewal; i++)
		if (uuid_equal(renewal[i].prescription, p->key) && renewal[i].state != RENEWAL_TAKEN_BACK)
			p->renewal = &renewal[i];
}

static struct prescription *
find(struct loading *in, str id)
{
	for (size_t i = 0; id.n && i < in->all.count; i++)
		if (str_equal(in->all.items[i].id, id) && in->all.items[i].type == RESOURCE_MEDICATION_REQUEST)
			return &in->all.items[i];
	return NULL;
}

static bool
is_same_medicine(const struct prescription *a, const struct prescription *b)
{
	return a->code.n && b->code.n ? str_equal(a->code, b->code) && str_equal(a->code_system, b->code_system)
	                              : str_equal_fold(a->title, b->title) && str_equal_fold(a->detail, b->detail);
}

/* A newer order takes the place of one: by name (priorPrescription), or because it is of the same medicine. */
static void
note_renewed(struct loading *in)
{
	struct prescription *all = in->all.items;

	for (size_t i = 0; i < in->all.count; i++) {
		struct prescription *before = find(in, all[i].replaces);

		if (before)
			before->renewed = true;
		for (struct prescription *p = before; p && all[i].renewals <= RENEWALS_MAX; p = find(in, p->replaces))
			all[i].renewals++;
		for (size_t j = 0; j < in->all.count; j++)
			if (i != j && !all[i].outside && !all[j].outside && all[j].order == ORDER_ACTIVE &&
			    !all[j].over && instant_before(all[i].ordered, all[j].ordered) &&
			    is_same_medicine(&all[i], &all[j]))
				all[i].renewed = true;
	}
}

static int
by_use(const void *a, const void *b)
{
	const struct prescription *x = a, *y = b;
	bool xa = rx_status_is_active(x->status), ya = rx_status_is_active(y->status);
	int order = ya - xa;

	if (!order)
		order = x->outside - y->outside;
	if (!order && !xa)
		order = x->ordered.ms < y->ordered.ms ? 1 : x->ordered.ms > y->ordered.ms ? -1 : 0;
	return order ? order : str_compare(x->title, y->title);
}

fallible
prescriptions_load(struct cx *cx, patient_id patient, struct db_rows *out)
{
	struct page_cx px = {.arena = cx->arena, .lang = cx->lang, .now = cx->now};
	struct loading in = {.cx = cx};
	struct db_rows refills, renewals;
	enum access_why why;
	const struct err *error;

	TRY(access_check(cx, patient, RIGHT_RECORD_READ, &why));
	error = resource_each(cx, patient, RESOURCE_MEDICATION_REQUEST, take_prescription, &in);
	if (!error)
		error = resource_each(cx, patient, RESOURCE_MEDICATION_STATEMENT, take_prescription, &in);
	if (!error)
		error = resource_each(cx, patient, RESOURCE_MEDICATION_DISPENSE, take_fill, &in);
	arena_release(&in.scratch);
	TRY(error);
	TRY(refill_rows_of_patient(cx, patient, &refills));
	TRY(renewal_rows_of_patient(cx, patient, &renewals));
	for (size_t i = 0; i < in.all.count; i++) {
		struct prescription *p = &in.all.items[i];

		if (p->title_reference.n) { /* named by a Medication of its own */
			str name;

			TRY(record_look_up(cx, &px, p->title_reference, &name));
			p->title = name.n ? name : p->title;
			p->controlled |= rx_is_controlled(p->title);
		}
		if (!p->who.n && p->who_reference.n)
			TRY(record_look_up(cx, &px, p->who_reference, &p->who));
		add_fills(&in, p);
		add_requests(p, &refills, &renewals);
	}
	note_renewed(&in);
	for (size_t i = 0; i < in.all.count; i++)
		prescription_judge(&in.all.items[i], cx->now);
	if (in.all.count)
		qsort(in.all.items, in.all.count, sizeof(in.all.items[0]), by_use);
	*out = (struct db_rows){in.all.items, in.all.count};
	return NULL;
}

fallible
prescription_get(struct cx *cx, patient_id patient, str id, struct prescription *out)
{
	struct db_rows rows;
	const struct prescription *all;

	TRY(prescriptions_load(cx, patient, &rows));
	all = rows.items;
	for (size_t i = 0; i < rows.count; i++)
		if (str_equal(all[i].id, id)) {
			*out = all[i];
			return NULL;
		}
	return GONE;
}

fallible
rx_may_ask(struct cx *cx, patient_id patient, enum access_why *why)
{
	TRY(access_check(cx, patient, RIGHT_PRESCRIPTIONS, why));
	return access_is_patient_side(*why) ? NULL : GONE;
}

#define SHORT_TITLE_CHARS 36

str
rx_short_title(struct arena *arena, str title)
{
	return arena_str(arena, utf8_take_chars(title, SHORT_TITLE_CHARS));
}

fallible
prescriptions_summary(struct cx *cx, patient_id patient, struct prescriptions_summary *out)
{
	struct db_rows rows;
	const struct prescription *p;

	*out = (struct prescriptions_summary){0};
	TRY(prescriptions_load(cx, patient, &rows));
	p = rows.items;
	for (size_t i = 0; i < rows.count; i++) {
		out->refillable += !p[i].refusal;
		out->soon += rx_runs_out_soon(&p[i], cx->now);
		out->renew += rx_needs_renewal(&p[i]);
		if (p[i].refill) {
			out->moving += !refill_is_over((enum refill_state)p[i].refill->state);
			out->problems += p[i].refill->problem != PROBLEM_NONE;
		}
	}
	return NULL;
}

fallible
prescriptions_waiting(struct cx *cx, int64_t *renewals, int64_t *problems)
{
	TRY(renewal_rows_waiting_count(cx, renewals));
	return refill_rows_problem_count(cx, problems);
}
