// write_thunks.c — the thunks of a module, see <hamilton/module.h>.
//
// Compiled with -DHM_PARTS=n -DHM_PART=k the file defines every n-th function's thunks,
// from the k-th on, and in part 0 the tables; the parts are linked together. Then
// thunks cannot be static, so they are hidden. What has no body has no thunks: the
// engine brings them.

#include "reflect/write.h"
#include "reflect/write_thunk.h"

static void write_parts(hm_text *to, const hm_model *model) {
    hm_text_append(to, "#ifndef HM_PARTS\n"
                       "#define HM_PARTS 1\n"
                       "#define HM_PART 0\n"
                       "#endif\n"
                       "#if HM_PARTS == 1\n"
                       "#define HM_THUNK static\n"
                       "#else\n"
                       "#define HM_THUNK __attribute__((visibility(\"hidden\")))\n");
    for (uint32_t i = 0; i < model->function_count; i++) {
        bool is_async = model->functions[i].is_async;
        if (!model->functions[i].has_body) {
            continue;
        }
        hm_text_format(to,
                is_async ? "HM_THUNK hm_start_thunk hm_start_%u;\n"
                         : "HM_THUNK hm_call_thunk hm_call_%u;\n",
                (unsigned)i);
        if (hm_write_has_map(&model->functions[i])) {
            hm_text_format(to,
                    hm_write_has_rows(&model->functions[i])
                            ? "HM_THUNK hm_rows_thunk hm_rows_%u;\n"
                            : "HM_THUNK hm_map_thunk hm_map_%u;\n",
                    (unsigned)i);
        }
    }
    hm_text_append(to, "#endif\n\n");
}

// Functions with arrays are mapped by calling them row by row, asynchronous ones by
// starting them so.
bool hm_write_has_map(const hm_model_function *function) {
    return function->dimension_count == 0 && function->parameter_count > 0 &&
           !function->is_async && function->has_body;
}

// In parts that have other thunks a static function would be one that nothing uses.
static void write_use(hm_text *to, const hm_model_function *function, uint32_t number) {
    hm_text_format(to,
            "#else\n"
            "static __attribute__((unused)) void hm_use_%u(void) {\n"
            "    (void)%s;\n"
            "}\n",
            (unsigned)number, function->name);
}

void hm_write_thunks(hm_text *to, const hm_model *model) {
    write_parts(to, model);
    for (uint32_t i = 0; i < model->function_count; i++) {
        const hm_model_function *function = &model->functions[i];
        if (!function->has_body) {
            continue;
        }
        hm_text_format(to, "#if %u %% HM_PARTS == HM_PART\n", (unsigned)i);
        if (function->is_async) {
            hm_write_start(to, function, i);
        } else {
            hm_write_call(to, function, i);
        }
        if (hm_write_has_map(function)) {
            hm_write_map(to, function, i);
        }
        if (function->is_static) {
            write_use(to, function, i);
        }
        hm_text_append(to, "#endif\n\n");
        if (function->combiner != NULL) {
            hm_write_combine(to, function, i);
        }
    }
}
