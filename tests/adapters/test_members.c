// Results in the members of a struct: values, views, copies, what is missing, and that
// nothing is written if anything is wrong.

#include <math.h>
#include <stdalign.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <hamilton/members.h>

#include "tests/support/given_results.h"
#include "tests/support/suite.h"

enum { ROOM = 4 };

struct place {
    double x;
    const char *name;
};

static const hm_field place_fields[] = {
        {.name = "x", .type = &hm_type_double, .offset = offsetof(struct place, x)},
        {.name = "name",
                .type = &hm_type_string,
                .offset = offsetof(struct place, name)},
};

static const hm_type place_type = {.name = "struct place",
        .kind = HM_KIND_STRUCT,
        .size = sizeof(struct place),
        .alignment = alignof(struct place),
        .fields = place_fields,
        .field_count = 2};

// What a program has.
struct scores {
    double mean;
    const char *town;
    struct place place;
    const double *spend_view;
    const int *visits_view;
    const uint8_t *bits_view;
    double *spend;
    int *visits;
    uint8_t *bits;
    const char **towns;
    struct place *places;
    int few[ROOM];
};

static struct {
    double spend[ROOM];
    int visits[ROOM];
    uint8_t bits[1];
    const char *towns[ROOM];
    struct place places[ROOM];
} room;

static struct scores scores;
static hm_results *results;

static const double spend[] = {1, 2, 3};
static const int visits[] = {4, 5, 6};
static const char *towns[] = {"Zug", "Bern", ""};
static uint8_t two_of_three[] = {0xFD}; // all but the second
static const struct place places[] = {{1, "a"}, {2, "b"}, {3, "c"}};

static void set_up(void) {
    memset(&room, 0x55, sizeof room);
    scores = (struct scores){.spend = room.spend,
            .visits = room.visits,
            .bits = room.bits,
            .towns = room.towns,
            .places = room.places};
}

static void tear_down(void) {
    hm_results_destroy(results);
    results = NULL;
    hm_given_end();
}

static hm_member member(
        const char *name, const hm_type *type, hm_member_form form, size_t offset) {
    return (hm_member){name, type, form, offset, .length = ROOM};
}

static size_t fill(const hm_member *members, size_t count) {
    size_t rows = 99;
    hm_error error = {.message = ""};
    ck_assert_msg(hm_members_fill(results, members, count, ROOM, &scores, &rows,
                          &error) == HM_OK,
            "%s", error.message);
    return rows;
}

// Refused, and nothing was written: there is a member before it that would be.
static void check_refused(
        hm_member refused, size_t count, hm_status status, const char *message) {
    struct scores before = scores;
    const hm_member members[] = {
            member("mean", &hm_type_double, HM_MEMBER_ONE,
                    offsetof(struct scores, mean)),
            refused,
    };
    size_t rows = 99;
    hm_error error = {.message = ""};
    ck_assert_int_eq(
            hm_members_fill(results, members, 2, count, &scores, &rows, &error),
            status);
    ck_assert_str_eq(error.message, message);
    ck_assert_mem_eq(&scores, &before, sizeof scores);
    ck_assert_uint_eq(rows, 99);
}

START_TEST(values_and_arrays_go_where_the_table_says) {
    const hm_binding values[] = {
            {"mean", hm_value_double(2.5)},
            {"town", hm_value_string("Zug")},
            {"place", hm_value_one(&place_type, &places[1])},
            {"spend", hm_value_many(&hm_type_double, spend, 3)},
            {"visits", hm_value_many(&hm_type_int, visits, 3)},
            {"towns", hm_value_many(&hm_type_string, towns, 3)},
            {"places", hm_value_many(&place_type, places, 3)},
    };
    results = hm_given_results(values, 7);
    const hm_member members[] = {
            member("mean", &hm_type_double, HM_MEMBER_ONE,
                    offsetof(struct scores, mean)),
            member("town", &hm_type_string, HM_MEMBER_ONE,
                    offsetof(struct scores, town)),
            member("place", &place_type, HM_MEMBER_ONE, offsetof(struct scores, place)),
            member("spend", &hm_type_double, HM_MEMBER_VIEW,
                    offsetof(struct scores, spend_view)),
            member("spend", &hm_type_double, HM_MEMBER_ROOM,
                    offsetof(struct scores, spend)),
            member("visits", &hm_type_int, HM_MEMBER_ROOM,
                    offsetof(struct scores, visits)),
            member("visits", &hm_type_int, HM_MEMBER_ARRAY,
                    offsetof(struct scores, few)),
            member("towns", &hm_type_string, HM_MEMBER_ROOM,
                    offsetof(struct scores, towns)),
            member("places", &place_type, HM_MEMBER_ROOM,
                    offsetof(struct scores, places)),
    };
    ck_assert_uint_eq(fill(members, sizeof members / sizeof *members), 3);
    ck_assert_double_eq(scores.mean, 2.5);
    ck_assert_str_eq(scores.town, "Zug");
    ck_assert_str_eq(scores.place.name, "b");
    ck_assert_mem_eq(scores.spend_view, spend, sizeof spend);
    ck_assert_ptr_eq(scores.spend, room.spend);
    ck_assert_mem_eq(room.spend, spend, sizeof spend);
    ck_assert_mem_eq(room.visits, visits, sizeof visits);
    ck_assert_int_eq(room.visits[3], 0x55555555);
    ck_assert_mem_eq(scores.few, visits, sizeof visits);
    ck_assert_str_eq(room.towns[1], "Bern");
    ck_assert_str_eq(room.places[2].name, "c");
    ck_assert_double_eq(room.places[2].x, 3);
}
END_TEST

START_TEST(single_values_fill_rooms) {
    const hm_binding values[] = {
            {"mean", hm_value_double(2.5)},
            {"visits", hm_value_many(&hm_type_int, visits, 3)},
    };
    results = hm_given_results(values, 2);
    hm_member members[] = {
            member("mean", &hm_type_double, HM_MEMBER_ROOM,
                    offsetof(struct scores, spend)),
            member("visits", &hm_type_int, HM_MEMBER_VIEW,
                    offsetof(struct scores, visits)),
    };
    members[0].has_validity = true;
    members[0].validity_offset = offsetof(struct scores, bits);
    ck_assert_uint_eq(fill(members, 2), 3);
    ck_assert_double_eq(room.spend[0], 2.5);
    ck_assert_double_eq(room.spend[2], 2.5);
    ck_assert_double_ne(room.spend[3], 2.5);
    ck_assert_uint_eq(room.bits[0] & 7, 7);
    ck_assert_uint_eq(fill(members, 1), 1);
}
END_TEST

START_TEST(missing_elements_are_marked_or_nan) {
    hm_binding values[] = {
            {"spend", hm_value_many(&hm_type_double, spend, 3)},
            {"visits", hm_value_many(&hm_type_int, visits, 3)},
            {"towns", hm_value_many(&hm_type_string, towns, 3)},
            {"mean", hm_value_double(2.5)},
    };
    for (size_t i = 0; i < 3; i++) {
        values[i].value.many.validity = two_of_three;
    }
    results = hm_given_results(values, 4);
    hm_member members[] = {
            member("spend", &hm_type_double, HM_MEMBER_ROOM,
                    offsetof(struct scores, spend)),
            member("visits", &hm_type_int, HM_MEMBER_ROOM,
                    offsetof(struct scores, visits)),
            member("towns", &hm_type_string, HM_MEMBER_ROOM,
                    offsetof(struct scores, towns)),
            member("visits", &hm_type_int, HM_MEMBER_VIEW,
                    offsetof(struct scores, visits_view)),
            member("spend", &hm_type_double, HM_MEMBER_VIEW,
                    offsetof(struct scores, spend_view)),
    };
    for (size_t i = 1; i < 4; i++) {
        members[i].has_validity = true;
        members[i].validity_offset = offsetof(struct scores, bits);
    }
    members[3].validity_offset = offsetof(struct scores, bits_view);
    ck_assert_uint_eq(fill(members, 5), 3);
    ck_assert_double_eq(room.spend[0], 1);
    ck_assert(isnan(room.spend[1]));
    ck_assert_int_eq(room.visits[1], 0);
    ck_assert_int_eq(room.visits[2], 6);
    ck_assert_str_eq(room.towns[1], "");
    ck_assert_uint_eq(room.bits[0] & 7, 5);
    ck_assert_uint_eq(scores.bits_view[0] & 7, 5);
    ck_assert_int_eq(scores.visits_view[2], 6);
    ck_assert(isnan(scores.spend_view[1])); // a run says so where it can

    hm_member unmarked = members[1];
    unmarked.has_validity = false;
    check_refused(unmarked, ROOM, HM_BAD_DATA,
            "row 2 of `visits` is missing, which its member cannot tell: give it a "
            "validity_offset");
    unmarked = members[3];
    unmarked.has_validity = false;
    check_refused(unmarked, ROOM, HM_BAD_DATA,
            "row 2 of `visits` is missing, which its member cannot tell: give it a "
            "validity_offset");
}
END_TEST

START_TEST(objects_by_reference_are_copied) {
    const struct place *pointers[] = {&places[2], NULL};
    hm_binding values[] = {
            {"place", hm_value_object(&place_type, &places[1])},
            {"places", hm_value_many(&place_type, pointers, 2)},
            {"mean", hm_value_double(2.5)},
    };
    values[1].value.by_reference = true;
    uint8_t first_of_two = 1;
    values[1].value.many.validity = &first_of_two;
    results = hm_given_results(values, 3);
    hm_member members[] = {
            member("place", &place_type, HM_MEMBER_ONE, offsetof(struct scores, place)),
            member("places", &place_type, HM_MEMBER_ROOM,
                    offsetof(struct scores, places)),
    };
    members[1].has_validity = true;
    members[1].validity_offset = offsetof(struct scores, bits);
    ck_assert_uint_eq(fill(members, 2), 2);
    ck_assert_str_eq(scores.place.name, "b");
    ck_assert_str_eq(room.places[0].name, "c");
    ck_assert(isnan(room.places[1].x));
    ck_assert_str_eq(room.places[1].name, "");
    ck_assert_uint_eq(room.bits[0] & 3, 1);
    hm_member view = members[1];
    view.form = HM_MEMBER_VIEW;
    check_refused(view, ROOM, HM_TYPE_MISMATCH,
            "`places` is struct place by reference, which no view shows; take it from "
            "the results as it is");
}
END_TEST

START_TEST(arrays_without_rows_write_nothing) {
    const hm_binding value = {"spend", hm_value_many(&hm_type_double, NULL, 0)};
    results = hm_given_results(&value, 1);
    hm_member members[] = {
            member("spend", &hm_type_double, HM_MEMBER_ROOM,
                    offsetof(struct scores, spend)),
            member("spend", &hm_type_double, HM_MEMBER_VIEW,
                    offsetof(struct scores, spend_view)),
    };
    scores.spend = NULL;
    ck_assert_uint_eq(fill(members, 2), 0);
}
END_TEST

START_TEST(what_does_not_fit_is_refused) {
    hm_binding values[] = {
            {"mean", hm_value_double(2.5)},
            {"spend", hm_value_many(&hm_type_double, spend, 3)},
            {"visits", hm_value_many(&hm_type_int, visits, 2)},
    };
    results = hm_given_results_and_bad(values, 3);
    size_t offset = offsetof(struct scores, spend);
    check_refused(member("spend", &hm_type_float, HM_MEMBER_ROOM, offset), ROOM,
            HM_TYPE_MISMATCH, "`spend` is double, but its member is to be float");
    check_refused(member("spend", &hm_type_double, HM_MEMBER_ONE, offset), ROOM,
            HM_SHAPE_MISMATCH, "`spend` is an array, but its member is for one value");
    check_refused(member("mean", &hm_type_double, HM_MEMBER_VIEW, offset), ROOM,
            HM_SHAPE_MISMATCH, "`mean` is one value, but its member is for an array");
    check_refused(member("spend", &hm_type_double, HM_MEMBER_ROOM, offset), 2,
            HM_LENGTH_MISMATCH, "`spend` has 3 rows, but there is room for 2");
    hm_member few = member("spend", &hm_type_double, HM_MEMBER_ARRAY, offset);
    few.length = 1;
    check_refused(few, ROOM, HM_LENGTH_MISMATCH,
            "`spend` has 3 rows, but there is room for 1");
    check_refused(member("spent", &hm_type_double, HM_MEMBER_ROOM, offset), ROOM,
            HM_UNKNOWN_NAME, "`spent` is not among the results; is `spend` meant?");
    check_refused(member("bad", &hm_type_double, HM_MEMBER_ONE, offset), ROOM,
            HM_NODE_FAILED, "`bad` is not ready: node `bad` failed: it returned 1");
    check_refused(member("mean", &hm_type_double, (hm_member_form)9, offset), ROOM,
            HM_BAD_ARGUMENT, "the member of `mean` has the form 9, which there is not");
    const hm_member uneven[] = {
            member("spend", &hm_type_double, HM_MEMBER_ROOM, offset),
            member("visits", &hm_type_int, HM_MEMBER_ROOM,
                    offsetof(struct scores, visits)),
    };
    hm_error error;
    ck_assert_int_eq(hm_members_fill(results, uneven, 2, ROOM, &scores, NULL, &error),
            HM_LENGTH_MISMATCH);
    ck_assert_str_eq(error.message, "`spend` has 3 rows and `visits` has 2");
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("members");
    TCase *cases = tcase_create("members");
    tcase_add_checked_fixture(cases, set_up, tear_down);
    tcase_add_test(cases, values_and_arrays_go_where_the_table_says);
    tcase_add_test(cases, single_values_fill_rooms);
    tcase_add_test(cases, missing_elements_are_marked_or_nan);
    tcase_add_test(cases, objects_by_reference_are_copied);
    tcase_add_test(cases, arrays_without_rows_write_nothing);
    tcase_add_test(cases, what_does_not_fit_is_refused);
    suite_add_tcase(suite, cases);
    return suite;
}
