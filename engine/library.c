// library.c — loads a module from a shared object. What the processor lacks is found
// out before any of the module's code runs.

#include <dlfcn.h>
#include <fcntl.h>
#include <link.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <hamilton/library.h>

#include "base/error.h"
#include "engine/processor.h"

struct hm_library {
    void *handle;
    const hm_module *module;
};

// Whether a file ends before what its program headers promise, as half a copy does: the
// dynamic linker would map the rest all the same, and die of reading it. Whatever else
// is wrong with a file, the linker says itself.
static bool is_cut_short(const char *path) {
    int file = open(path, O_RDONLY | O_CLOEXEC);
    struct stat status;
    ElfW(Ehdr) header;
    bool is_short = false;
    if (file >= 0 && fstat(file, &status) == 0 &&
            pread(file, &header, sizeof header, 0) == (ssize_t)sizeof header &&
            memcmp(header.e_ident, ELFMAG, SELFMAG) == 0 &&
            header.e_ident[EI_CLASS] ==
                    (sizeof(void *) == 8 ? ELFCLASS64 : ELFCLASS32)) {
        uint64_t size = (uint64_t)status.st_size;
        for (size_t i = 0; i < header.e_phnum && !is_short; i++) {
            ElfW(Phdr) part;
            off_t at = (off_t)(header.e_phoff + i * sizeof part);
            is_short = pread(file, &part, sizeof part, at) != (ssize_t)sizeof part ||
                       (part.p_type == PT_LOAD &&
                               (part.p_offset > size ||
                                       part.p_filesz > size - part.p_offset));
        }
    }
    if (file >= 0) {
        close(file);
    }
    return is_short;
}

static hm_status check_module(
        const char *path, const hm_module *module, hm_error *error) {
    if (module->abi != HM_MODULE_ABI) {
        return hm_error_set(error, HM_BAD_MODULE,
                "%s was built for module tables of version %u, this library reads %u: "
                "build it again with `hamilton build`",
                path, (unsigned)module->abi, (unsigned)HM_MODULE_ABI);
    }
    char missing[64];
    if (module->processor != NULL &&
            !hm_processor_has(module->processor, missing, sizeof missing)) {
        return hm_error_set(error, HM_BAD_MODULE,
                "%s was built for a processor with %s, which this one lacks: build it "
                "again here, or with --march",
                path, missing);
    }
    return HM_OK;
}

hm_status hm_library_open(const char *path, hm_library **library, hm_error *error) {
    if (is_cut_short(path)) {
        return hm_error_set(error, HM_BAD_MODULE,
                "%s is cut short: copy it again, or make it with `hamilton build`",
                path);
    }
    hm_library *opened = calloc(1, sizeof *opened);
    if (opened == NULL) {
        return hm_error_no_memory(error);
    }
    opened->handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (opened->handle == NULL) {
        hm_status status = hm_error_set(
                error, HM_BAD_MODULE, "cannot load %s: %s", path, dlerror());
        free(opened);
        return status;
    }
    const hm_module *const *module = dlsym(opened->handle, "hamilton_entry");
    hm_status status = HM_OK;
    if (module == NULL || *module == NULL) {
        status = hm_error_set(error, HM_BAD_MODULE,
                "%s is not a module: make one with `hamilton build`", path);
    } else {
        opened->module = *module;
        status = check_module(path, *module, error);
    }
    if (status != HM_OK) {
        hm_library_close(opened);
        return status;
    }
    *library = opened;
    return HM_OK;
}

const hm_module *hm_library_module(const hm_library *library) {
    return library->module;
}

void hm_library_close(hm_library *library) {
    if (library == NULL) {
        return;
    }
    dlclose(library->handle);
    free(library);
}
