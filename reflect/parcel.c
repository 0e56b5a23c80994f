// parcel.c — see parcel.h. Numbers are the machine's own; a text is its length and its
// bytes with the final NUL, so that it can be read in place.

#include "reflect/parcel.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include <hamilton/allocator.h>

#include "base/arena.h"
#include "reflect/reflection.h"

static void write_number(hm_text *to, size_t number) {
    hm_text_append_bytes(to, (const char *)&number, sizeof number);
}

// The length counts the NUL, so that 0 is no text.
static void write_text(hm_text *to, const char *text) {
    size_t length = text != NULL ? strlen(text) + 1 : 0;
    write_number(to, length);
    hm_text_append_bytes(to, text != NULL ? text : "", length);
}

static void write_texts(hm_text *to, const char *const *texts, size_t count) {
    write_number(to, count);
    for (size_t i = 0; i < count; i++) {
        write_text(to, texts[i]);
    }
}

void hm_parcel_write(hm_text *to, hm_status status, const hm_reflection *reflection,
        const hm_diagnostics *list) {
    size_t fault_count = hm_diagnostics_count(list);
    write_number(to, fault_count);
    for (size_t i = 0; i < fault_count; i++) {
        const hm_diagnostic *fault = hm_diagnostics_at(list, i);
        write_number(to, (size_t)fault->status);
        write_number(to, (size_t)fault->severity);
        write_number(to, fault->line);
        write_text(to, fault->node);
        write_text(to, fault->file);
        write_text(to, fault->message);
        write_text(to, fault->mend);
    }
    write_number(to, (size_t)status);
    if (status == HM_OK) {
        write_text(to, reflection->name);
        write_text(to, reflection->text);
        write_number(to, reflection->part_count);
        write_texts(to, reflection->files, reflection->file_count);
        write_texts(to, reflection->absent, reflection->absent_count);
        write_texts(to, reflection->functions, reflection->function_count);
    }
}

// What is left to read. Reading past the end gives zeros.
typedef struct hm_parcel {
    const char *next;
    size_t left;
    hm_arena arena; // of the lists
} hm_parcel;

static const char *take(hm_parcel *parcel, size_t length) {
    if (length > parcel->left) {
        parcel->left = 0;
        return NULL;
    }
    const char *taken = parcel->next;
    parcel->next += length;
    parcel->left -= length;
    return taken;
}

static size_t read_number(hm_parcel *parcel) {
    size_t number = 0;
    const char *bytes = take(parcel, sizeof number);
    if (bytes != NULL) {
        memcpy(&number, bytes, sizeof number);
    }
    return number;
}

static const char *read_text(hm_parcel *parcel) {
    size_t length = read_number(parcel);
    return length > 0 ? take(parcel, length) : NULL;
}

static const char *const *read_texts(hm_parcel *parcel, size_t *count) {
    *count = read_number(parcel);
    const char **texts = hm_arena_array(&parcel->arena, *count, sizeof *texts);
    for (size_t i = 0; i < *count && texts != NULL; i++) {
        texts[i] = read_text(parcel);
    }
    return texts;
}

static void read_faults(hm_parcel *parcel, hm_faults *faults) {
    size_t count = read_number(parcel);
    for (size_t i = 0; i < count; i++) {
        hm_diagnostic fault = {0};
        fault.status = (hm_status)read_number(parcel);
        fault.severity = (hm_severity)read_number(parcel);
        fault.line = (uint32_t)read_number(parcel);
        fault.node = read_text(parcel);
        fault.file = read_text(parcel);
        fault.message = read_text(parcel);
        fault.mend = read_text(parcel);
        hm_faults_add(faults, &fault);
    }
}

static hm_status read_reflection(hm_parcel *parcel, hm_reflection **reflection) {
    hm_reflection read = {0};
    read.name = read_text(parcel);
    read.text = read_text(parcel);
    read.part_count = read_number(parcel);
    read.files = read_texts(parcel, &read.file_count);
    read.absent = read_texts(parcel, &read.absent_count);
    read.functions = read_texts(parcel, &read.function_count);
    return read.files != NULL && read.absent != NULL && read.functions != NULL
                   ? hm_reflection_copy(&read, reflection)
                   : HM_NO_MEMORY;
}

hm_status hm_parcel_read(const char *bytes, size_t length, hm_reflection **reflection,
        hm_faults *faults) {
    hm_parcel parcel = {.next = bytes, .left = length};
    hm_arena_init(&parcel.arena, hm_allocator_default());
    read_faults(&parcel, faults);
    hm_status status = (hm_status)read_number(&parcel);
    if (status == HM_OK) {
        status = read_reflection(&parcel, reflection);
        if (status != HM_OK) {
            hm_faults_add(faults, &(hm_diagnostic){.status = status});
        }
    }
    hm_arena_finish(&parcel.arena);
    return status;
}
