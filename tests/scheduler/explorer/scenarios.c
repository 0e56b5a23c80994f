// scenarios.c — see scenarios.h.

#include "tests/scheduler/explorer/scenarios.h"

#include "tests/scheduler/explorer/flow.h"
#include "tests/scheduler/explorer/parts.h"

// The graphs. Of those that meet, fewer wait than there are threads.
#define TWO .tasks = 2
#define CHAIN .tasks = 3, .needs = {0, 1, 2}
#define FAN .tasks = 3, .needs = {0, 1, 1}
#define WIDE_FAN .tasks = 5, .needs = {0, 1, 1, 1, 14}
#define DIAMOND .tasks = 4, .needs = {0, 1, 1, 6}
#define TWO_ROOTS .tasks = 3, .needs = {0, 0, 3}
#define ONE_OF_TWO .tasks = 4, .needs = {0, 0, 1, 1}
#define N_SHAPE .tasks = 4, .needs = {0, 0, 1, 3}
#define LAYERS .tasks = 5, .needs = {0, 0, 3, 3, 12}

#define DEQUE(name, ...)                                                               \
    {                                                                                  \
        {"deque: " name, hm_deque_part_begin, hm_deque_part_end,                       \
                &(const hm_deque_part){__VA_ARGS__}},                                  \
                .is_part = true                                                        \
    }
#define INBOX(name, ...)                                                               \
    {                                                                                  \
        {"inbox: " name, hm_inbox_part_begin, hm_inbox_part_end,                       \
                &(const hm_inbox_part){__VA_ARGS__}},                                  \
                .is_part = true                                                        \
    }
#define LIMIT(name, ...)                                                               \
    {                                                                                  \
        {"limit: " name, hm_limit_part_begin, hm_limit_part_end,                       \
                &(const hm_limit_part){__VA_ARGS__}},                                  \
                .is_part = true                                                        \
    }
#define PARKER(name, ...)                                                              \
    {                                                                                  \
        {"parker: " name, hm_parker_part_begin, hm_parker_part_end,                    \
                &(const hm_parker_part){__VA_ARGS__}},                                 \
                .is_part = true                                                        \
    }
#define POOL(name, ...)                                                                \
    {                                                                                  \
        {name, hm_flow_begin, hm_flow_end, &(const hm_shape){__VA_ARGS__}},            \
                .is_part = false                                                       \
    }

const hm_planned hm_all_planned[] = {
        DEQUE("a thief", .tickets = 3, .thieves = 1, .batch = 1, .tries = 3),
        DEQUE("a thief, pairs", .tickets = 4, .thieves = 1, .batch = 2, .tries = 2),
        DEQUE("two thieves", .tickets = 2, .thieves = 2, .batch = 1, .tries = 1),
        DEQUE("two thieves, a pair", .tickets = 2, .thieves = 2, .batch = 2,
                .tries = 1),
        INBOX("two give, one takes", .givers = 2, .takers = 1, .tries = 2),
        INBOX("two give, two take", .givers = 2, .takers = 2, .tries = 1,
                .is_picky = true),
        LIMIT("two for one place", .visitors = 2, .limit = 1),
        LIMIT("three for one place", .visitors = 3, .limit = 1),
        LIMIT("three for two places", .visitors = 3, .limit = 2),
        LIMIT("two, and a cancel", .visitors = 2, .limit = 1, .is_cancelled = true),
        PARKER("in turn", .times = 2),
        PARKER("with a time", .times = 2, .is_timed = true),

        POOL("two", TWO, .helpers = 1, .rounds = 2),
        POOL("two, looking twice", TWO, .helpers = 1, .looks = 1),
        POOL("two, all ended", TWO, .helpers = 1, .closes = true),
        POOL("two, lent, all ended", TWO, .helpers = 1, .closes = true,
                .lends = HM_LENDS_AND_WANTS_BACK),
        POOL("two that meet", TWO, .helpers = 1, .meets = 3, .rounds = 2),
        POOL("two that meet, lent", TWO, .helpers = 1, .meets = 3,
                .lends = HM_LENDS_AND_WANTS_BACK),
        POOL("chain", CHAIN, .helpers = 1, .submits = true),
        POOL("fan", FAN, .helpers = 1),
        POOL("fan that meets", FAN, .helpers = 1, .meets = 6, .rounds = 2),
        POOL("pair after one of two", ONE_OF_TWO, .helpers = 1, .meets = 12),
        POOL("diamond", DIAMOND, .helpers = 1, .rounds = 2),
        POOL("diamond, lent", DIAMOND, .helpers = 1, .lends = HM_LENDS_AND_WANTS_BACK),
        POOL("diamond, or no thread", DIAMOND, .helpers = 1,
                .lends = HM_LENDS_OR_FAILS),
        POOL("two roots", TWO_ROOTS, .helpers = 1),
        POOL("N", N_SHAPE, .helpers = 1),
        POOL("layers", LAYERS, .helpers = 1),
        POOL("wide fan", WIDE_FAN, .helpers = 1),

        POOL("two, three workers", TWO, .helpers = 2),
        POOL("three that meet", .tasks = 3, .helpers = 2, .meets = 7),
        POOL("diamond, three workers", DIAMOND, .helpers = 2),
        POOL("N, three workers", N_SHAPE, .helpers = 2),
        POOL("layers, three workers", LAYERS, .helpers = 2),
        POOL("wide fan that meets", WIDE_FAN, .helpers = 2, .meets = 14),

        POOL("failure", DIAMOND, .helpers = 1, .fails = 2),
        POOL("failure, three workers", DIAMOND, .helpers = 2, .fails = 2),
        POOL("cancel", FAN, .helpers = 1, .cancels = true),
        POOL("cancel, three workers", DIAMOND, .helpers = 2, .cancels = true),
        POOL("limit", TWO, .helpers = 1, .limited = 3, .limit = 1),
        POOL("limit in a fan", WIDE_FAN, .helpers = 1, .limited = 14, .limit = 1),
        POOL("limit, three workers", FAN, .helpers = 2, .limited = 6, .limit = 1),
        POOL("limit of two", WIDE_FAN, .helpers = 2, .limited = 14, .limit = 2),
        POOL("limit and cancel", TWO, .helpers = 1, .limited = 3, .limit = 1,
                .cancels = true),
        POOL("limit and failure", FAN, .helpers = 1, .limited = 6, .limit = 1,
                .fails = 2),
        POOL("pair after a limit", ONE_OF_TWO, .callers = 2, .helpers = 1, .limited = 1,
                .limit = 1, .meets = 12),
        POOL("limit of two callers", TWO, .callers = 2, .helpers = 1, .limited = 3,
                .limit = 1),

        POOL("submitted", TWO, .helpers = 1, .submits = true),
        POOL("submitted fan", WIDE_FAN, .helpers = 1, .submits = true),
        POOL("submitted fan, lent", DIAMOND, .helpers = 1, .submits = true,
                .lends = HM_LENDS_AND_WANTS_BACK),
        POOL("submitted fan, or no thread", DIAMOND, .helpers = 1, .submits = true,
                .lends = HM_LENDS_OR_FAILS),
        POOL("submitted, no helpers", DIAMOND, .submits = true),
        POOL("submitted, three workers", DIAMOND, .helpers = 2, .submits = true),
        POOL("submitted pair that meets", TWO, .helpers = 2, .submits = true,
                .meets = 3),
        POOL("submitted fan that meets, lent", FAN, .helpers = 2, .submits = true,
                .meets = 6, .lends = HM_LENDS_AND_WANTS_BACK),
        POOL("submitted pairs, urgent", FAN, .callers = 2, .helpers = 3,
                .submits = true, .meets = 6, .is_urgent = true),
        POOL("submitted pair after a pending task", FAN, .helpers = 2, .submits = true,
                .meets = 6, .pends = 1),
        POOL("submitted pair, all ended", TWO, .helpers = 2, .submits = true,
                .meets = 3, .closes = true),
        POOL("submitted twice", TWO, .callers = 2, .helpers = 1, .submits = true),
        POOL("submitted with a limit", FAN, .helpers = 2, .submits = true, .limited = 7,
                .limit = 1),
        POOL("submitted and cancelled", FAN, .helpers = 1, .submits = true,
                .limited = 6, .limit = 1, .cancels = true),
        POOL("submitted and left", FAN, .helpers = 1, .submits = true, .leaves = true),
        POOL("submitted and left, three workers", FAN, .helpers = 2, .submits = true,
                .leaves = true),
        POOL("left, all ended", TWO, .helpers = 1, .submits = true, .leaves = true,
                .closes = true),

        POOL("late", FAN, .helpers = 1, .is_late = true),
        POOL("late, three workers", DIAMOND, .helpers = 2, .is_late = true),
        POOL("late caller that waits", FAN, .helpers = 1, .is_late = true,
                .caller_waits = true),
        POOL("caller that waits", FAN, .helpers = 1, .caller_waits = true),
        POOL("caller that waits for a pair", FAN, .helpers = 2, .caller_waits = true,
                .meets = 6),
        POOL("caller that waits, or no thread", TWO, .helpers = 1, .caller_waits = true,
                .lends = HM_LENDS_OR_FAILS),
        POOL("caller that waits for a pending task, or no thread", FAN, .helpers = 1,
                .caller_waits = true, .pends = 1, .lends = HM_LENDS_OR_FAILS),
        POOL("pending", FAN, .helpers = 1, .pends = 2),
        POOL("pending, no helpers", FAN, .pends = 1),
        POOL("pending, three workers", TWO_ROOTS, .helpers = 2, .pends = 3),
        POOL("pending and submitted", FAN, .helpers = 1, .pends = 3, .submits = true),
        POOL("pair after a pending task", FAN, .helpers = 1, .pends = 1, .meets = 6),
        POOL("pairs after pending tasks", FAN, .callers = 2, .helpers = 1, .pends = 1,
                .meets = 6),
        POOL("urgent pairs", FAN, .callers = 2, .helpers = 1, .is_urgent = true,
                .meets = 6),
        POOL("urgent", TWO, .callers = 2, .helpers = 1, .is_urgent = true),
        POOL("urgent and submitted", FAN, .callers = 2, .helpers = 1, .is_urgent = true,
                .submits = true),
        POOL("two callers", TWO, .callers = 2, .helpers = 1),
        POOL("two callers of diamonds", DIAMOND, .callers = 2),
        POOL("pairs of two callers", FAN, .callers = 2, .helpers = 1, .meets = 6),
        POOL("three callers", TWO, .callers = 3, .helpers = 1),
        POOL("nested", TWO_ROOTS, .helpers = 1, .nests = true),
        POOL("nested and submitted", TWO_ROOTS, .helpers = 2, .nests = true,
                .submits = true),
        POOL("nested of two callers", TWO_ROOTS, .callers = 2, .helpers = 1,
                .nests = true),
};

const size_t hm_planned_count = sizeof hm_all_planned / sizeof *hm_all_planned;
