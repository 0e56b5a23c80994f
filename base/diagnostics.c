// diagnostics.c — a growing array of faults whose texts live in an arena.

#include "base/diagnostics.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/allocator.h"
#include "base/arena.h"
#include "base/error.h"

struct hm_diagnostics {
    hm_arena arena; // texts
    hm_diagnostic *faults;
    size_t count;
    size_t capacity;
};

hm_status hm_diagnostics_create(const hm_allocator *allocator, hm_diagnostics **list) {
    allocator = hm_allocator_or_default(allocator);
    hm_diagnostics *created = hm_allocate_array(allocator, 1, sizeof *created);
    if (created == NULL) {
        return HM_NO_MEMORY;
    }
    hm_arena_init(&created->arena, allocator);
    *list = created;
    return HM_OK;
}

void hm_diagnostics_destroy(hm_diagnostics *list) {
    if (list == NULL) {
        return;
    }
    const hm_allocator *allocator = list->arena.allocator;
    hm_deallocate_array(allocator, list->faults, list->capacity, sizeof *list->faults);
    hm_arena_finish(&list->arena);
    hm_deallocate_array(allocator, list, 1, sizeof *list);
}

size_t hm_diagnostics_count(const hm_diagnostics *list) {
    return list->count;
}

const hm_diagnostic *hm_diagnostics_at(const hm_diagnostics *list, size_t index) {
    return &list->faults[index];
}

static bool grow(hm_diagnostics *list) {
    if (list->count < list->capacity) {
        return true;
    }
    const hm_allocator *allocator = list->arena.allocator;
    size_t capacity = list->capacity == 0 ? 8 : list->capacity * 2;
    hm_diagnostic *faults = hm_allocate_array(allocator, capacity, sizeof *faults);
    if (faults == NULL) {
        return false;
    }
    if (list->count > 0) {
        memcpy(faults, list->faults, list->count * sizeof *faults);
    }
    hm_deallocate_array(allocator, list->faults, list->capacity, sizeof *faults);
    list->faults = faults;
    list->capacity = capacity;
    return true;
}

static bool copy_text(hm_arena *arena, const char **text) {
    if (*text == NULL) {
        return true;
    }
    *text = hm_arena_text(arena, *text);
    return *text != NULL;
}

void hm_diagnostics_add(hm_diagnostics *list, const hm_diagnostic *fault) {
    if (list == NULL) {
        return;
    }
    hm_diagnostic copy = *fault;
    if (copy.message == NULL) {
        copy.message = hm_status_text(copy.status);
    }
    if (copy_text(&list->arena, &copy.node) && copy_text(&list->arena, &copy.file) &&
            copy_text(&list->arena, &copy.message) &&
            copy_text(&list->arena, &copy.mend) && grow(list)) {
        list->faults[list->count++] = copy;
    }
}

void hm_faults_add(hm_faults *faults, const hm_diagnostic *fault) {
    hm_diagnostics_add(faults->list, fault);
    if (fault->severity != HM_SEVERITY_ERROR) {
        return;
    }
    if (faults->count++ == 0) {
        faults->first = fault->status;
        if (fault->file != NULL) {
            hm_error_set(faults->error, fault->status, "%s:%u: %s%s%s", fault->file,
                    (unsigned)fault->line, fault->message,
                    fault->mend != NULL ? ": " : "",
                    fault->mend != NULL ? fault->mend : "");
        } else {
            hm_error_set(faults->error, fault->status, "%s%s%s", fault->message,
                    fault->mend != NULL ? ": " : "",
                    fault->mend != NULL ? fault->mend : "");
        }
    }
    if (faults->error != NULL) {
        faults->error->fault_count = faults->count;
    }
}

void hm_faults_format(hm_faults *faults, hm_diagnostic fault, const char *format, ...) {
    char message[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    fault.message = message;
    hm_faults_add(faults, &fault);
}
