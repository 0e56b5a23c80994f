// module_text.h — module tables from declarations, so that a test reads as the C file
// that it stands for:
//
//     const hm_module *module = hm_module_text("spend.c",
//             "struct range { double low; double high; };\n"
//             "HM_TAG(owner, growth) double cost(double spend, HM_DEFAULT(2) int
//             days);\n" "void mean(size_t n, const double spend[n], double *out);\n");
//
// It knows the shapes of parameters and outputs, modifiers, and structs. A static
// function is what the modifiers of others name. Lines are those of the text. Thunks do
// nothing. An error in the text ends the program. Modules live until
// hm_module_text_finish().

#ifndef HM_TESTS_SUPPORT_MODULE_TEXT_H
#define HM_TESTS_SUPPORT_MODULE_TEXT_H

#include <hamilton/module.h>

// Copies file and text. The module is called as the file's stem.
hm_module *hm_module_text(const char *file, const char *text);

// Ends all modules that were made.
void hm_module_text_finish(void);

#endif
