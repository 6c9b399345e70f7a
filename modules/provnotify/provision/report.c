/**
 * @file report.c  What a configuration says, for whoever writes one
 */
#include <ctype.h>
#include <string.h>
#include "compat/compat.h"
#include "profile/profile.h"
#include "provision/room.h"


enum {
	FEW       = 20,         /**< Unknown keys that need no summing up   */
	SUMS_MAX  = 64,
	LABEL_MAX = 96,
};


static int what_print(struct re_printf *pf, const struct profile_account *a,
		      const struct profile_account *b)
{
	const char *sep = ": ", *what;
	size_t ix = 0;
	int err = 0;

	while ((what = profile_account_differs(a, b, &ix))) {
		err |= re_hprintf(pf, "%s%s", sep, what);
		sep = ", ";
	}

	return err;
}


static int accounts_diff(struct re_printf *pf, const struct profile *old,
			 const struct profile *prof, uint32_t *n)
{
	const struct profile_account *acc, *other;
	struct le *le;
	int err = 0;

	for (le = list_head(&prof->accountl); le; le = le->next) {

		acc = le->data;
		other = old ? profile_account_find(old, acc->user, acc->domain)
			: NULL;

		if (profile_account_equal(other, acc))
			continue;

		err |= re_hprintf(pf, "      %s %s@%s",
				  other ? "change" : "add   ",
				  acc->user, acc->domain);
		err |= what_print(pf, other, acc);
		err |= re_hprintf(pf, "\n");
		++*n;
	}

	for (le = old ? list_head(&old->accountl) : NULL; le; le = le->next) {

		acc = le->data;

		if (profile_account_find(prof, acc->user, acc->domain))
			continue;

		err |= re_hprintf(pf, "      remove %s@%s\n", acc->user,
				  acc->domain);
		++*n;
	}

	return err;
}


static bool section_same(const struct profile *a, const struct profile *b,
			 size_t i)
{
	char *texta = NULL, *textb = NULL;
	bool same;
	int err;

	err = a ? re_sdprintf(&texta, "%H", sectionv[i].printh, a)
		: str_dup(&texta, "");
	err |= re_sdprintf(&textb, "%H", sectionv[i].printh, b);

	same = !err && !strcmp(texta, textb);

	mem_deref(texta);
	mem_deref(textb);

	return same;
}


/* What a resync would do to a phone that runs the old one */
static int diff_print(struct re_printf *pf, const struct profile *old,
		      const struct profile *prof)
{
	uint32_t n = 0;
	size_t i;
	int err;

	err = re_hprintf(pf, "  a resync would\n");
	err |= accounts_diff(pf, old, prof, &n);

	for (i=1; i<sectionc; i++) {

		if (section_same(old, prof, i))
			continue;

		err |= re_hprintf(pf, "      change %s\n",
				  sectionv[i].title);
		++n;
	}

	return n ? err : err | re_hprintf(pf, "      change nothing\n");
}


static int section_print(struct re_printf *pf, const struct profile *prof,
			 size_t i)
{
	if (section_same(NULL, prof, i))
		return 0;

	return re_hprintf(pf, "  %s\n%H", sectionv[i].title,
			  sectionv[i].printh, prof);
}


static int notes_print(struct re_printf *pf, const struct generation *gen,
		       bool known)
{
	struct le *le;
	int err = 0;

	for (le = list_head(&gen->prof->notel); le; le = le->next) {
		const struct profile_note *note = le->data;
		const struct part *part = part_nth(gen, note->file);

		if (note->known != known)
			continue;

		err |= re_hprintf(pf, "      %s, line %u: %s%s%s%s%s%s\n",
				  part ? part->name : "?", note->lineno,
				  note->key, note->why ? ": " : "",
				  note->why ? note->why : "",
				  note->meant ? ": is " : "",
				  note->meant ? note->meant : "",
				  note->meant ? " meant?" : "");
	}

	return err;
}


/* What is counted together: keys of one reason; else of one name, but for the
   numbers in it */
static void label_make(char *label, size_t size,
		       const struct profile_note *note)
{
	const char *p = note->why ? note->why : note->key;
	size_t n = 0;

	for (; *p && n + 1 < size; ++p) {

		if (note->why || !isdigit((unsigned char)*p))
			label[n++] = *p;
		else if (!n || label[n-1] != '#')
			label[n++] = '#';
	}

	label[n] = '\0';
}


static int sums_print(struct re_printf *pf, const struct profile *prof,
		      bool known)
{
	struct {
		char label[LABEL_MAX];
		unsigned n;
	} sumv[SUMS_MAX];
	size_t i, c = 0;
	struct le *le;
	int err = 0;

	for (le = list_head(&prof->notel); le; le = le->next) {
		const struct profile_note *note = le->data;
		char label[LABEL_MAX];

		if (note->known != known)
			continue;

		label_make(label, sizeof(label), note);

		for (i=0; i<c && strcmp(sumv[i].label, label); i++)
			;

		if (i == SUMS_MAX)
			continue;

		if (i == c) {
			str_ncpy(sumv[c].label, label, sizeof(label));
			sumv[c++].n = 0;
		}

		++sumv[i].n;
	}

	for (i=0; i<c; i++)
		err |= re_hprintf(pf, "%8u  %s\n", sumv[i].n, sumv[i].label);

	return err;
}


/**
 * Print what a configuration says, and what a resync would change
 *
 * What its author has to look at comes first: the report may be long. No
 * secret stands in it.
 *
 * @param pf  Print function
 * @param rep Report
 *
 * @return 0 if success, otherwise errorcode
 */
int report_print(struct re_printf *pf, const struct report *rep)
{
	const struct generation *gen = rep->gen;
	const struct profile *prof = gen->prof;
	const bool few = prof->unknownc <= FEW;
	struct le *le;
	size_t i, n;
	int err;

	err = re_hprintf(pf, "  %u file%s from %H\n",
			 list_count(&gen->partl),
			 list_count(&gen->partl) == 1 ? "" : "s",
			 url_print, gen->url);

	for (le = list_head(&gen->partl); le; le = le->next) {
		const struct part *part = le->data;

		err |= re_hprintf(pf, "      %s, %zu bytes\n", part->name,
				  part->mb->end);
	}

	err |= re_hprintf(pf, "  %u account%s; %zu keys used, %zu understood,"
			  " without use here, %zu unknown\n",
			  list_count(&prof->accountl),
			  list_count(&prof->accountl) == 1 ? "" : "s",
			  prof->usedc, prof->unusedc, prof->unknownc);
	err |= few ? notes_print(pf, gen, false)
		   : sums_print(pf, prof, false);
	err |= diff_print(pf, rep->running ? rep->running->prof : NULL, prof);

	for (i=0; i<sectionc; i++)
		err |= section_print(pf, prof, i);

	if (prof->unusedc)
		err |= re_hprintf(pf, "  keys without use here, and why\n");

	err |= sums_print(pf, prof, true);

	if (!few)
		err |= re_hprintf(pf, "  unknown, one by one\n");

	if (!few)
		err |= notes_print(pf, gen, false);

	if (prof->unusedc)
		err |= re_hprintf(pf, "  without use here, one by one\n");

	err |= notes_print(pf, gen, true);

	n = prof->unusedc + prof->unknownc - list_count(&prof->notel);
	if (n)
		err |= re_hprintf(pf, "  and %zu more, which are only"
				  " counted\n", n);

	return err;
}
