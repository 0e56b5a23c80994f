// reflect.c — see reflect.h.

#include "reflect/reflect.h"

#include <stdlib.h>
#include <string.h>

#include <hamilton/allocator.h>

#include "base/allocator.h"
#include "base/text.h"
#include "reflect/inclusions.h"
#include "reflect/read.h"
#include "reflect/reflection.h"
#include "reflect/source.h"
#include "reflect/write.h"

static void list_functions(hm_reading *reading, hm_reflection *lists) {
    const hm_declared *declared = &reading->declared;
    const char **names =
            hm_source_array(reading->source, declared->count, sizeof *names);
    size_t count = 0;
    for (uint32_t i = 0; i < declared->count && names != NULL; i++) {
        const hm_declared_function *function = &declared->items[i];
        if (function->has_symbol && !clang_Cursor_isNull(function->definition)) {
            names[count++] = function->name;
        }
    }
    lists->functions = names;
    lists->function_count = count;
}

enum { FUNCTIONS_PER_PART = 100 }; // below which a part costs more than it saves

static size_t count_parts(const hm_model *model) {
    size_t parts =
            (model->function_count + FUNCTIONS_PER_PART - 1) / FUNCTIONS_PER_PART;
    return model->has_state || parts == 0 ? 1 : parts;
}

static hm_status write(hm_reading *reading, const hm_reflect_options *options,
        hm_reflection **reflection) {
    hm_source *source = reading->source;
    hm_text text;
    hm_text_init(&text, source->arena.allocator);
    hm_write_module(&text, &reading->model);
    hm_inclusions inclusions;
    hm_inclusions_list(&inclusions, source, options);
    hm_reflection lists = {
            .name = reading->model.name,
            .text = hm_text_get(&text),
            .part_count = count_parts(&reading->model),
            .files = inclusions.files,
            .file_count = inclusions.file_count,
            .absent = inclusions.absent,
            .absent_count = inclusions.absent_count,
    };
    list_functions(reading, &lists);
    hm_status status = text.failed || source->no_memory
                               ? HM_NO_MEMORY
                               : hm_reflection_copy(&lists, reflection);
    hm_text_finish(&text);
    return status;
}

hm_status hm_reflect_here(const hm_reflect_options *options, hm_reflection **reflection,
        hm_faults *faults) {
    hm_source source;
    hm_reading reading = {0};
    hm_status status = hm_source_init(&source, options, faults);
    if (status == HM_OK) {
        status = hm_reading_init(&reading, &source);
        if (status == HM_OK) {
            status = write(&reading, options, reflection);
        }
        hm_reading_finish(&reading);
    }
    hm_source_finish(&source);
    if (status == HM_NO_MEMORY) {
        hm_faults_add(faults, &(hm_diagnostic){.status = HM_NO_MEMORY});
    }
    return status;
}
