// parts.h — the text of a table in pieces that threads read side by side.
//
// A part ends where a line does, so it begins with a row, or within a quoted field of
// one that began before. How many rows there are before it is known when it is read, so
// that each row goes to its final place, and messages count rows as if one thread had
// read them all.

#ifndef HM_ADAPTERS_TABLE_PARTS_H
#define HM_ADAPTERS_TABLE_PARTS_H

#include <stdbool.h>
#include <stddef.h>

#include <hamilton/status.h>

#include "adapters/table/columns.h"

// A part that is the whole text.
void hm_part_init(
        hm_part *part, const hm_table *table, const char *text, const char *end);

// Gives the part's memory to the table.
void hm_part_finish(hm_part *part, hm_table *table);

typedef struct hm_parts {
    hm_table *table;
    hm_part *items;
    size_t count;
} hm_parts;

// Cuts the text into parts of about the table's part_size.
HM_MUST_CHECK hm_status hm_parts_init(
        hm_parts *parts, hm_table *table, const char *text, const char *end);

// Gives the parts' memory to the table. Accepts a zeroed struct.
void hm_parts_finish(hm_parts *parts);

// The rows of each part are counted: sets their first rows. Returns how many rows there
// are.
size_t hm_parts_place(hm_parts *parts);

// Something that is done with each part, on any thread; its messages go to the part.
typedef hm_status hm_part_work(hm_table *table, hm_part *part);

// Does it with all parts. If some fail the first of them does, in the order of the
// text: its status, with its message in the table's error. What comes behind it may be
// left out then.
HM_MUST_CHECK hm_status hm_parts_do(hm_parts *parts, hm_part_work *work);

// Whether it was a part that asked for the table to be read in another way.
bool hm_parts_are_surprised(const hm_parts *parts);

#endif
