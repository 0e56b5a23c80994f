// write_module.c — the file around tables and thunks. The user's source comes first, so
// that nothing of ours changes what it means; then its macros go, so that none of them
// changes what follows. All names of ours begin with hm_, which the user's may not.

#include "base/processor_features.h"
#include "reflect/write.h"
#include "reflect/write_literal.h"

// The library reads the tables as it was compiled itself: -fshort-enums and its kin may
// not change them.
static void write_layout_check(hm_text *to) {
    hm_text_format(to,
            "_Static_assert(sizeof(hm_type) == %zu && sizeof(hm_field) == %zu\n"
            "        && sizeof(hm_parameter) == %zu && sizeof(hm_output) == %zu\n"
            "        && sizeof(hm_argument) == %zu && sizeof(hm_modifier) == %zu\n"
            "        && sizeof(hm_function) == %zu && sizeof(hm_module) == %zu,\n"
            "        \"a flag changes the layout of the tables\");\n\n",
            sizeof(hm_type), sizeof(hm_field), sizeof(hm_parameter), sizeof(hm_output),
            sizeof(hm_argument), sizeof(hm_modifier), sizeof(hm_function),
            sizeof(hm_module));
}

static void write_start(hm_text *to, const hm_model *model) {
    hm_text_format(to,
            "// Written by `hamilton reflect` from %s: edit that, not this.\n"
            "#include \"%s\"\n\n",
            model->name, model->path);
    for (uint32_t i = 0; i < model->macro_count; i++) {
        hm_text_format(to, "#undef %s\n", model->macros[i]);
    }
    // What the user's flags warn of is meant for the user's source.
    static const char *const warnings[] = {"pedantic", "cast-align", "c++-compat",
            "declaration-after-statement", "pragmas"};
    for (size_t i = 0; i < sizeof warnings / sizeof *warnings; i++) {
        hm_text_format(to, "#pragma GCC diagnostic ignored \"-W%s\"\n", warnings[i]);
    }
    // The source may have left a `#pragma pack` of its own behind.
    hm_text_append(to, "\n#pragma pack(push, 16)\n"
                       "#include <hamilton/module.h>\n"
                       "#pragma pack(pop)\n\n");
    // <stdbool.h> may have hidden types of the source: `typedef enum { false, true }
    // bool;`. What follows says _Bool.
    hm_text_append(to, "#undef bool\n#undef true\n#undef false\n\n");
    write_layout_check(to);
}

// What the compiler may use of the processor.
static void write_processor(hm_text *to) {
    static const char *const features[][2] = {
#define X(macro, name, leaf, place, bit, state) {macro, name},
            HM_PROCESSOR_FEATURES(X)
#undef X
    };
    hm_text_append(to, "static const char hm_processor[] = \"\"\n");
    for (size_t i = 0; i < sizeof features / sizeof *features; i++) {
        hm_text_format(to, "#ifdef %s\n        \"%s \"\n#endif\n", features[i][0],
                features[i][1]);
    }
    hm_text_append(to, "        ;\n\n");
}

static bool gives_memory(const hm_model *model) {
    for (uint32_t i = 0; i < model->function_count; i++) {
        for (uint32_t k = 0; k < model->functions[i].output_count; k++) {
            const hm_output *output = &model->functions[i].outputs[k];
            if (output->ownership == HM_GIVEN || output->shape == HM_EXPANSION) {
                return true;
            }
        }
    }
    return false;
}

static void write_free(hm_text *to) {
    hm_text_append(to, "static void hm_free(void *hm_memory) {\n"
                       "    __builtin_free(hm_memory);\n"
                       "}\n\n");
}

static void write_end(hm_text *to, const hm_model *model, bool frees) {
    hm_text_format(to,
            "extern HM_API const hm_module %s_module;\n"
            "const hm_module %s_module = {\n"
            "    .abi = HM_MODULE_ABI,\n"
            "    .name = ",
            model->symbol, model->symbol);
    hm_write_literal(to, model->name);
    hm_text_append(to, ",\n    .file = ");
    hm_write_literal(to, model->shown_path);
    if (model->function_count > 0) {
        hm_text_format(to,
                ",\n    .functions = hm_functions,\n"
                "    .function_count = %u",
                (unsigned)model->function_count);
    }
    hm_text_append(to, frees ? ",\n    .free = hm_free" : "");
    hm_text_format(to,
            ",\n    .processor = hm_processor,\n"
            "};\n\n"
            "#ifdef HM_SHARED_MODULE\n"
            "extern HM_API const hm_module *const hamilton_entry;\n"
            "const hm_module *const hamilton_entry = &%s_module;\n"
            "#endif\n"
            "#endif\n",
            model->symbol);
}

void hm_write_module(hm_text *to, const hm_model *model) {
    bool frees = gives_memory(model);
    write_start(to, model);
    hm_write_thunks(to, model);
    hm_text_append(to, "#if HM_PART == 0\n\n");
    write_processor(to);
    hm_write_tables(to, model);
    if (frees) {
        write_free(to);
    }
    write_end(to, model, frees);
}
