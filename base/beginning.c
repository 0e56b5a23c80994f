// beginning.c — see beginning.h.

#include "base/beginning.h"

bool hm_beginning_write(const char *piece, size_t length, void *beginning) {
    hm_beginning *shown = beginning;
    size_t taken = length < shown->left ? length : shown->left;
    while (taken < length && taken > 0 &&
            ((unsigned char)piece[taken] & 0xC0) == 0x80) {
        taken--; // not in the middle of a character
    }
    hm_text_append_bytes(shown->text, piece, taken);
    shown->left -= taken;
    if (taken < length) {
        shown->left = 0;
        hm_text_append(shown->text, "...");
        return false;
    }
    return true;
}
