// test_signature.c — every shape of a declaration: what the tables say of it, and that
// its thunks do it, under both compilers.

#include <stdio.h>
#include <string.h>

#include <hamilton/module.h>

#include "tests/support/reflected.h"
#include "tests/support/suite.h"

// A frame whose slots are 16 bytes each.
typedef struct hm_frame {
    _Alignas(16) char bytes[64 * 16];
    uint32_t at[64];
} hm_frame;

static void init_frame(hm_frame *frame) {
    memset(frame, 0, sizeof *frame);
    for (uint32_t i = 0; i < 64; i++) {
        frame->at[i] = i * 64;
    }
}

static void *slot(hm_frame *frame, uint32_t number) {
    return frame->bytes + frame->at[number];
}

static int call(const hm_function *function, hm_frame *frame) {
    return function->call(frame->bytes, frame->at, function->self);
}

static void check_parameter(const hm_function *function, size_t index, const char *name,
        const char *type, hm_shape shape, hm_pass pass) {
    ck_assert_uint_lt(index, function->parameter_count);
    const hm_parameter *parameter = &function->parameters[index];
    ck_assert_str_eq(parameter->name, name);
    ck_assert_str_eq(parameter->type->name, type);
    ck_assert_int_eq(parameter->shape, shape);
    ck_assert_int_eq(parameter->pass, pass);
    ck_assert_int_eq(parameter->dimension == HM_NONE, shape == HM_ONE);
}

static void check_output(const hm_function *function, size_t index, const char *name,
        const char *type, hm_shape shape, hm_pass pass, hm_ownership ownership) {
    ck_assert_uint_lt(index, function->output_count);
    const hm_output *output = &function->outputs[index];
    ck_assert_str_eq(output->name, name);
    ck_assert_str_eq(output->type->name, type);
    ck_assert_int_eq(output->shape, shape);
    ck_assert_int_eq(output->pass, pass);
    ck_assert_int_eq(output->ownership, ownership);
    ck_assert_int_eq(output->dimension == HM_NONE, shape == HM_ONE);
}

START_TEST(one_value_of_each_arithmetic_type) {
    static const struct {
        const char *declared;
        const char *type;
        hm_kind kind;
    } types[] = {
            {"bool", "bool", HM_KIND_BOOL},
            {"char", "char", HM_KIND_INT},
            {"signed char", "signed char", HM_KIND_INT},
            {"uint8_t", "unsigned char", HM_KIND_UINT},
            {"short", "short", HM_KIND_INT},
            {"uint16_t", "unsigned short", HM_KIND_UINT},
            {"int", "int", HM_KIND_INT},
            {"unsigned", "unsigned int", HM_KIND_UINT},
            {"int64_t", "long", HM_KIND_INT},
            {"size_t", "unsigned long", HM_KIND_UINT},
            {"long long", "long long", HM_KIND_INT},
            {"unsigned long long", "unsigned long long", HM_KIND_UINT},
            {"float", "float", HM_KIND_FLOAT},
            {"double", "double", HM_KIND_FLOAT},
            {"long double", "long double", HM_KIND_FLOAT},
            {"enum color", "enum color", HM_KIND_UINT},
            {"level", "level", HM_KIND_INT},
            {"const char *", "const char *", HM_KIND_STRING},
    };
    char source[8192] = "#include <stdbool.h>\n#include <stddef.h>\n#include "
                        "<stdint.h>\nenum color { RED };\ntypedef enum { LOW = -1 } "
                        "level;\n";
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        char line[128];
        snprintf(line, sizeof line, "%s f%zu(%s x) { return x; }\n", types[i].declared,
                i, types[i].declared);
        strcat(source, line);
    }
    hm_reflected reflected;
    hm_reflected_source(&reflected, source);
    hm_reflected_load(&reflected, "gcc");
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        char name[8];
        snprintf(name, sizeof name, "f%zu", i);
        const hm_function *function = hm_reflected_function(&reflected, name);
        check_parameter(function, 0, "x", types[i].type, HM_ONE, HM_BY_VALUE);
        check_output(function, 0, name, types[i].type, HM_ONE, HM_BY_VALUE,
                types[i].kind == HM_KIND_STRING ? HM_BORROWED : HM_OWNED);
        ck_assert_int_eq(function->parameters[0].type->kind, types[i].kind);
        hm_frame frame;
        init_frame(&frame);
        uint32_t size = function->parameters[0].type->size;
        memset(slot(&frame, 0), 1, size);
        ck_assert_int_eq(call(function, &frame), 0);
        if (types[i].kind != HM_KIND_FLOAT) {
            ck_assert_mem_eq(slot(&frame, 0), slot(&frame, 1), size);
        }
    }
    hm_reflected_finish(&reflected);
}
END_TEST

START_TEST(arrays_bring_their_length) {
    hm_reflected reflected;
    hm_reflected_source(&reflected,
            "#include <stddef.h>\n"
            "void twice(size_t n, const double x[n], double out[n]) {\n"
            "    for (size_t i = 0; i < n; i++) out[i] = 2 * x[i];\n"
            "}\n"
            "double dot(double k, size_t n, const double a[static n], size_t m,\n"
            "        const float b[restrict (m)]) {\n"
            "    return k + (double)n * a[0] + (double)m * b[0];\n"
            "}\n"
            "size_t letters(size_t n, const char *const words[n]) {\n"
            "    return n > 0 ? (size_t)words[n - 1][0] : 0;\n"
            "}\n");
    const char *compilers[2];
    size_t compiler_count = hm_reflected_compilers(compilers);
    for (size_t i = 0; i < compiler_count; i++) {
        hm_reflected_load(&reflected, compilers[i]);
        const hm_function *twice = hm_reflected_function(&reflected, "twice");
        ck_assert_uint_eq(twice->parameter_count, 1);
        check_parameter(twice, 0, "x", "double", HM_ARRAY, HM_BY_VALUE);
        check_output(twice, 0, "twice", "double", HM_ARRAY, HM_BY_VALUE, HM_OWNED);
        ck_assert_uint_eq(twice->dimension_count, 1);
        ck_assert_str_eq(twice->dimensions[0], "n");
        ck_assert_ptr_null((void *)(uintptr_t)twice->map);
        ck_assert_ptr_null((void *)(uintptr_t)twice->rows);
        double x[] = {1, 2, 3};
        double out[3];
        hm_frame frame;
        init_frame(&frame);
        *(hm_array *)slot(&frame, 0) = (hm_array){.data = x, .length = 3};
        *(hm_array *)slot(&frame, 1) = (hm_array){.data = out, .length = 3};
        ck_assert_int_eq(call(twice, &frame), 0);
        ck_assert_double_eq(out[2], 6);

        const hm_function *dot = hm_reflected_function(&reflected, "dot");
        ck_assert_uint_eq(dot->parameter_count, 3);
        ck_assert_uint_eq(dot->dimension_count, 2);
        ck_assert_uint_eq(dot->parameters[1].dimension, 0);
        ck_assert_uint_eq(dot->parameters[2].dimension, 1);
        float b[] = {10, 0};
        init_frame(&frame);
        *(double *)slot(&frame, 0) = 0.5;
        *(hm_array *)slot(&frame, 1) = (hm_array){.data = x, .length = 3};
        *(hm_array *)slot(&frame, 2) = (hm_array){.data = b, .length = 2};
        ck_assert_int_eq(call(dot, &frame), 0);
        ck_assert_double_eq(*(double *)slot(&frame, 3), 23.5);

        const hm_function *letters = hm_reflected_function(&reflected, "letters");
        check_parameter(letters, 0, "words", "const char *", HM_ARRAY, HM_BY_VALUE);
        const char *words[] = {"one", "two"};
        init_frame(&frame);
        *(hm_array *)slot(&frame, 0) = (hm_array){.data = words, .length = 2};
        ck_assert_int_eq(call(letters, &frame), 0);
        ck_assert_uint_eq(*(size_t *)slot(&frame, 1), 't');
    }
    hm_reflected_finish(&reflected);
}
END_TEST

START_TEST(outputs_are_nodes_of_their_names) {
    hm_reflected reflected;
    hm_reflected_source(&reflected,
            "#include <stdlib.h>\n#include <string.h>\n"
            "void stats(double x, double *low, double *high) {\n"
            "    *low = x - 1; *high = x + 1;\n"
            "}\n"
            "double with(double x, int *rest) { *rest = 3; return x; }\n"
            "int ratio(double a, double b, double *out) {\n"
            "    if (b == 0) return 7;\n"
            "    *out = a / b;\n"
            "    return 0;\n"
            "}\n"
            "void texts(const char *x, const char **lent, char **given) {\n"
            "    *lent = x; *given = strdup(x);\n"
            "}\n"
            "void each(size_t n, const char *const x[n], const char *lent_all[n],\n"
            "        char *given_all[n]) {\n"
            "    for (size_t i = 0; i < n; i++) {\n"
            "        lent_all[i] = x[i]; given_all[i] = strdup(x[i]);\n"
            "    }\n"
            "}\n");
    const char *compilers[2];
    size_t compiler_count = hm_reflected_compilers(compilers);
    for (size_t i = 0; i < compiler_count; i++) {
        hm_reflected_load(&reflected, compilers[i]);
        const hm_function *stats = hm_reflected_function(&reflected, "stats");
        check_output(stats, 0, "low", "double", HM_ONE, HM_BY_VALUE, HM_OWNED);
        check_output(stats, 1, "high", "double", HM_ONE, HM_BY_VALUE, HM_OWNED);
        hm_frame frame;
        init_frame(&frame);
        *(double *)slot(&frame, 0) = 5;
        ck_assert_int_eq(call(stats, &frame), 0);
        ck_assert_double_eq(*(double *)slot(&frame, 1), 4);
        ck_assert_double_eq(*(double *)slot(&frame, 2), 6);

        const hm_function *with = hm_reflected_function(&reflected, "with");
        check_output(with, 0, "with", "double", HM_ONE, HM_BY_VALUE, HM_OWNED);
        check_output(with, 1, "rest", "int", HM_ONE, HM_BY_VALUE, HM_OWNED);
        ck_assert_uint_eq(with->flags, 0);

        const hm_function *ratio = hm_reflected_function(&reflected, "ratio");
        check_output(ratio, 0, "ratio", "double", HM_ONE, HM_BY_VALUE, HM_OWNED);
        ck_assert_uint_eq(ratio->output_count, 1);
        ck_assert_uint_eq(ratio->flags, HM_FUNCTION_FALLIBLE);
        init_frame(&frame);
        ck_assert_int_eq(call(ratio, &frame), 7);

        const hm_function *texts = hm_reflected_function(&reflected, "texts");
        check_output(
                texts, 0, "lent", "const char *", HM_ONE, HM_BY_VALUE, HM_BORROWED);
        check_output(texts, 1, "given", "const char *", HM_ONE, HM_BY_VALUE, HM_GIVEN);
        init_frame(&frame);
        *(const char **)slot(&frame, 0) = "word";
        ck_assert_int_eq(call(texts, &frame), 0);
        ck_assert_str_eq(*(const char **)slot(&frame, 1), "word");
        ck_assert_str_eq(*(char **)slot(&frame, 2), "word");
        reflected.module->free(*(char **)slot(&frame, 2));

        const hm_function *each = hm_reflected_function(&reflected, "each");
        check_output(each, 0, "lent_all", "const char *", HM_ARRAY, HM_BY_VALUE,
                HM_BORROWED);
        check_output(
                each, 1, "given_all", "const char *", HM_ARRAY, HM_BY_VALUE, HM_GIVEN);
        const char *x[] = {"a"};
        const char *lent[1];
        char *given[1];
        init_frame(&frame);
        *(hm_array *)slot(&frame, 0) = (hm_array){.data = x, .length = 1};
        *(hm_array *)slot(&frame, 1) = (hm_array){.data = lent, .length = 1};
        *(hm_array *)slot(&frame, 2) = (hm_array){.data = given, .length = 1};
        ck_assert_int_eq(call(each, &frame), 0);
        ck_assert_str_eq(given[0], "a");
        ck_assert_ptr_eq(lent[0], x[0]);
        reflected.module->free(given[0]);
    }
    hm_reflected_finish(&reflected);
}
END_TEST

START_TEST(expansions_decide_their_length) {
    hm_reflected reflected;
    hm_reflected_source(&reflected,
            "#include <stdlib.h>\n#include <string.h>\n"
            "void upto(int top, double **out, int **squares, size_t *count) {\n"
            "    *count = (size_t)top;\n"
            "    *out = malloc(*count * sizeof **out);\n"
            "    *squares = malloc(*count * sizeof **squares);\n"
            "    for (int i = 0; i < top; i++) {\n"
            "        (*out)[i] = i; (*squares)[i] = i * i;\n"
            "    }\n"
            "}\n"
            "int words(const char *text, char ***out, size_t *how_many) {\n"
            "    if (*text == '\\0') return 3;\n"
            "    *out = malloc(sizeof **out);\n"
            "    **out = strdup(text);\n"
            "    *how_many = 1;\n"
            "    return 0;\n"
            "}\n"
            "void none(int x, char **text, size_t *length) {\n"
            "    (void)x; *text = 0; *length = 4;\n"
            "}\n");
    const char *compilers[2];
    size_t compiler_count = hm_reflected_compilers(compilers);
    for (size_t i = 0; i < compiler_count; i++) {
        hm_reflected_load(&reflected, compilers[i]);
        const hm_function *upto = hm_reflected_function(&reflected, "upto");
        check_output(upto, 0, "upto", "double", HM_EXPANSION, HM_BY_VALUE, HM_OWNED);
        check_output(upto, 1, "squares", "int", HM_EXPANSION, HM_BY_VALUE, HM_OWNED);
        ck_assert_uint_eq(upto->outputs[0].dimension, upto->outputs[1].dimension);
        ck_assert_str_eq(upto->dimensions[0], "count");
        ck_assert_ptr_nonnull((void *)(uintptr_t)reflected.module->free);
        hm_frame frame;
        init_frame(&frame);
        *(int *)slot(&frame, 0) = 3;
        ck_assert_int_eq(call(upto, &frame), 0);
        hm_array *out = slot(&frame, 1);
        hm_array *squares = slot(&frame, 2);
        ck_assert_uint_eq(out->length, 3);
        ck_assert_uint_eq(squares->length, 3);
        ck_assert_double_eq(((double *)out->data)[2], 2);
        ck_assert_int_eq(((int *)squares->data)[2], 4);
        reflected.module->free(out->data);
        reflected.module->free(squares->data);

        const hm_function *words = hm_reflected_function(&reflected, "words");
        check_output(
                words, 0, "words", "const char *", HM_EXPANSION, HM_BY_VALUE, HM_GIVEN);
        init_frame(&frame);
        *(const char **)slot(&frame, 0) = "";
        ck_assert_int_eq(call(words, &frame), 3);
        *(const char **)slot(&frame, 0) = "x";
        ck_assert_int_eq(call(words, &frame), 0);
        hm_array *text = slot(&frame, 1);
        ck_assert_str_eq(*(char **)text->data, "x");
        reflected.module->free(*(char **)text->data);
        reflected.module->free(text->data);

        // A char ** is one string, so that the size_t * beside it is a value.
        const hm_function *none = hm_reflected_function(&reflected, "none");
        check_output(none, 0, "text", "const char *", HM_ONE, HM_BY_VALUE, HM_GIVEN);
        check_output(none, 1, "length", "unsigned long", HM_ONE, HM_BY_VALUE, HM_OWNED);
    }
    hm_reflected_finish(&reflected);
}
END_TEST

START_TEST(objects_go_by_reference) {
    hm_reflected reflected;
    hm_reflected_source(&reflected,
            "#include <stdlib.h>\n"
            "#include <hamilton/modifiers.h>\n"
            "struct model { double w; };\n"
            "typedef struct hidden hidden;\n"
            "HM_DESTROYS void model_free(struct model *m);\n"
            "void model_free(struct model *m) { m->w = -1; free(m); }\n"
            "struct model *fit(double w) {\n"
            "    struct model *m = malloc(sizeof *m); m->w = w; return m;\n"
            "}\n"
            "double predict(const struct model *fit, double x) { return fit->w * x; }\n"
            "const struct model *same(const struct model *fit) { return fit; }\n"
            "const hidden *pass(const hidden *h) { return h; }\n"
            "struct model copy(struct model fit) { return fit; }\n");
    const char *compilers[2];
    size_t compiler_count = hm_reflected_compilers(compilers);
    for (size_t i = 0; i < compiler_count; i++) {
        hm_reflected_load(&reflected, compilers[i]);
        const hm_function *fit = hm_reflected_function(&reflected, "fit");
        check_output(fit, 0, "fit", "struct model", HM_ONE, HM_BY_REFERENCE, HM_GIVEN);
        ck_assert_ptr_nonnull((void *)(uintptr_t)fit->outputs[0].type->destroy);
        hm_frame frame;
        init_frame(&frame);
        *(double *)slot(&frame, 0) = 4;
        ck_assert_int_eq(call(fit, &frame), 0);
        void *made = *(void **)slot(&frame, 1);

        const hm_function *predict = hm_reflected_function(&reflected, "predict");
        check_parameter(predict, 0, "fit", "struct model", HM_ONE, HM_BY_REFERENCE);
        init_frame(&frame);
        *(void **)slot(&frame, 0) = made;
        *(double *)slot(&frame, 1) = 2;
        ck_assert_int_eq(call(predict, &frame), 0);
        ck_assert_double_eq(*(double *)slot(&frame, 2), 8);
        fit->outputs[0].type->destroy(made);

        const hm_function *same = hm_reflected_function(&reflected, "same");
        check_output(
                same, 0, "same", "struct model", HM_ONE, HM_BY_REFERENCE, HM_BORROWED);
        const hm_function *pass = hm_reflected_function(&reflected, "pass");
        check_parameter(pass, 0, "h", "struct hidden", HM_ONE, HM_BY_REFERENCE);
        ck_assert_int_eq(pass->parameters[0].type->kind, HM_KIND_OPAQUE);
        const hm_function *copy = hm_reflected_function(&reflected, "copy");
        check_parameter(copy, 0, "fit", "struct model", HM_ONE, HM_BY_VALUE);
    }
    hm_reflected_finish(&reflected);
}
END_TEST

START_TEST(structs_have_their_fields) {
    hm_reflected reflected;
    hm_reflected_source(&reflected,
            "#include <stdbool.h>\n"
            "struct point { float x, y; };\n"
            "typedef struct {\n"
            "    char tag;\n"
            "    struct point at[2];\n"
            "    struct { int deep; } inner;\n"
            "    struct { long flat; };\n"
            "    unsigned low : 3, : 2, high : 20;\n"
            "    bool yes : 1;\n"
            "    union { int i; float f; } either;\n"
            "    void *any;\n"
            "    double grid[2][3];\n"
            "} thing;\n"
            "thing make(double x) { thing t = {.tag = 'a'}; (void)x; return t; }\n"
            "struct point corner(struct point p) { p.y = 9; return p; }\n");
    hm_reflected_load(&reflected, "gcc");
    const hm_function *make = hm_reflected_function(&reflected, "make");
    check_output(make, 0, "make", "thing", HM_ONE, HM_BY_VALUE, HM_BORROWED);
    static const struct {
        const char *name;
        const char *type;
        hm_kind kind;
        size_t offset;
        size_t length;
        unsigned bit_offset;
        unsigned bit_width;
    } fields[] = {
            {"tag", "char", HM_KIND_INT, 0, 0, 0, 0},
            {"at", "struct point", HM_KIND_STRUCT, 4, 2, 0, 0},
            {"inner", "thing.inner", HM_KIND_STRUCT, 20, 0, 0, 0},
            {"flat", "long", HM_KIND_INT, 24, 0, 0, 0},
            {"low", "unsigned int", HM_KIND_UINT, 32, 0, 0, 3},
            {"high", "unsigned int", HM_KIND_UINT, 32, 0, 5, 20},
            {"yes", "bool", HM_KIND_BOOL, 35, 0, 1, 1},
            {"either", "thing.either", HM_KIND_OPAQUE, 36, 0, 0, 0},
            {"any", "void *", HM_KIND_OPAQUE, 40, 0, 0, 0},
            {"grid", "double", HM_KIND_FLOAT, 48, 6, 0, 0},
    };
    const hm_type *type = make->outputs[0].type;
    ck_assert_uint_eq(type->size, 96);
    ck_assert_uint_eq(type->field_count, sizeof fields / sizeof *fields);
    for (size_t i = 0; i < type->field_count; i++) {
        const hm_field *field = &type->fields[i];
        ck_assert_str_eq(field->name, fields[i].name);
        ck_assert_str_eq(field->type->name, fields[i].type);
        ck_assert_int_eq(field->type->kind, fields[i].kind);
        ck_assert_uint_eq(field->length, fields[i].length);
        ck_assert_uint_eq(field->bit_width, fields[i].bit_width);
        ck_assert_uint_eq(field->offset * 8 + field->bit_offset,
                fields[i].offset * 8 + fields[i].bit_offset);
    }
    const hm_function *corner = hm_reflected_function(&reflected, "corner");
    check_output(corner, 0, "corner", "struct point", HM_ONE, HM_BY_VALUE, HM_OWNED);
    hm_frame frame;
    init_frame(&frame);
    ck_assert_int_eq(call(corner, &frame), 0);
    ck_assert_float_eq(((float *)slot(&frame, 1))[1], 9);
    hm_reflected_finish(&reflected);
}
END_TEST

START_TEST(maps_run_over_rows_with_any_strides) {
    enum { ROWS = 1000 };
    hm_reflected reflected;
    hm_reflected_source(&reflected,
            "struct pair { double a, b; };\n"
            "double weigh(double x, float w, int k) { return x * w + k; }\n"
            "double sum(struct pair p, const char *s) { return p.a + p.b + s[0]; }\n"
            "int checked(double x, double limit, double *out, int *sign) {\n"
            "    *out = x; *sign = x < 0 ? -1 : 1;\n"
            "    return x > limit;\n"
            "}\n"
            "void both(double x, double *low, double *high) {\n"
            "    *low = x - 1; *high = x + 1;\n"
            "}\n"
            "double constant(void) { return 1; }\n");
    const char *compilers[2];
    size_t compiler_count = hm_reflected_compilers(compilers);
    for (size_t i = 0; i < compiler_count; i++) {
        hm_reflected_load(&reflected, compilers[i]);
        static double x[ROWS];
        static float w[ROWS];
        static int k[ROWS];
        static double out[ROWS];
        static double high[ROWS];
        static int sign[ROWS];
        for (size_t row = 0; row < ROWS; row++) {
            x[row] = (double)row;
            w[row] = (float)row / 2;
            k[row] = 3;
        }
        size_t bad = 77;
        const hm_function *weigh = hm_reflected_function(&reflected, "weigh");
        ck_assert_ptr_null((void *)(uintptr_t)weigh->map);
        for (size_t count = 0; count <= ROWS - 7; count += 331) {
            void *at[] = {x, w + 7, k, out};
            memset(out, 0, sizeof out);
            weigh->rows(at, count);
            for (size_t row = 0; row < ROWS; row++) {
                double expected = row < count ? x[row] * w[row + 7] + 3 : 0;
                ck_assert_double_eq(out[row], expected);
            }
        }

        const hm_function *sum = hm_reflected_function(&reflected, "sum");
        double pairs[] = {1, 2, 3, 4};
        const char *text = "A";
        hm_lane sum_lanes[] = {{pairs, 1}, {&text, 0}, {out, 1}};
        ck_assert_int_eq(sum->map(sum_lanes, 2, &bad, NULL), 0);
        ck_assert_double_eq(out[1], 7 + 'A');

        const hm_function *checked = hm_reflected_function(&reflected, "checked");
        double limit = 41;
        hm_lane checked_lanes[] = {{x, 1}, {&limit, 0}, {out, 1}, {sign, 1}};
        ck_assert_int_eq(checked->map(checked_lanes, ROWS, &bad, NULL), 1);
        ck_assert_uint_eq(bad, 42);

        const hm_function *both = hm_reflected_function(&reflected, "both");
        void *both_at[] = {x, out, high};
        both->rows(both_at, ROWS);
        ck_assert_double_eq(out[ROWS - 1], ROWS - 2);
        ck_assert_double_eq(high[ROWS - 1], ROWS);

        const hm_function *constant = hm_reflected_function(&reflected, "constant");
        ck_assert_ptr_null((void *)(uintptr_t)constant->map);
        ck_assert_ptr_null((void *)(uintptr_t)constant->rows);
    }
    hm_reflected_finish(&reflected);
}
END_TEST

START_TEST(only_visible_external_definitions_are_nodes) {
    hm_reflected reflected;
    hm_reflected_init(&reflected);
    hm_reflected_write(&reflected, "other.h",
            "static inline double helper(double x) { return x; }\n"
            "double elsewhere(double x) { return x; }\n");
    hm_reflected_write(&reflected, "features.c",
            "#include \"other.h\"\n"
            "#include <hamilton/modifiers.h>\n"
            "static double quiet(double x) { return helper(x); }\n"
            "inline double spare(double x) { return x; }\n"
            "inline double kept(double x) { return x; }\n"
            "extern double kept(double x);\n"
            "inline double told(double x) { return x; }\n"
            "double told(double x);\n"
            "__attribute__((visibility(\"hidden\"))) double dark(double x) "
            "{ return x; }\n"
            "HM_EXCLUDE double excluded(double *x) { return *x; }\n"
            "double declared(double x);\n"
            "#define MAKE(name) double name(double x) { return quiet(x); }\n"
            "MAKE(made)\n"
            "double plain() { return 1; }\n");
    hm_reflected_read(&reflected, NULL, 0);
    ck_assert_msg(reflected.status == HM_OK, "%s", reflected.error.message);
    hm_reflected_load(&reflected, "gcc");
    static const char *const nodes[] = {"kept", "told", "made", "plain"};
    ck_assert_uint_eq(reflected.module->function_count, 4);
    for (size_t i = 0; i < 4; i++) {
        ck_assert_str_eq(reflected.module->functions[i].name, nodes[i]);
    }
    ck_assert_uint_eq(reflected.module->functions[2].line, 13);
    // All that has a symbol must be kept from being taken for a builtin.
    static const char *const symbols[] = {
            "elsewhere", "kept", "told", "dark", "excluded", "made", "plain"};
    ck_assert_uint_eq(reflected.reflection->function_count, 7);
    for (size_t i = 0; i < 7; i++) {
        ck_assert_str_eq(reflected.reflection->functions[i], symbols[i]);
    }
    hm_reflected_finish(&reflected);
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("reflect/signature");
    TCase *tests = tcase_create("signature");
    tcase_add_test(tests, one_value_of_each_arithmetic_type);
    tcase_add_test(tests, arrays_bring_their_length);
    tcase_add_test(tests, outputs_are_nodes_of_their_names);
    tcase_add_test(tests, expansions_decide_their_length);
    tcase_add_test(tests, objects_go_by_reference);
    tcase_add_test(tests, structs_have_their_fields);
    tcase_add_test(tests, maps_run_over_rows_with_any_strides);
    tcase_add_test(tests, only_visible_external_definitions_are_nodes);
    suite_add_tcase(suite, tests);
    return suite;
}
