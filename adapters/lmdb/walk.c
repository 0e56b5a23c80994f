// walk.c — see walk.h. The layout is that of LMDB 0.9, of 64 bits and the processor's
// order of bytes (mdb.c: MDB_page, MDB_node, MDB_db, MDB_meta):
//
//     page   ┌ number 8 ┬ 2 ┬ flags 2 ┬ lower 2, upper 2 ┬ offsets of nodes, 2 each ┐
//     node   ┌ low 2 ┬ high 2 ┬ flags 2 ┬ key size 2 ┬ key ┬ data ┐
//     db     ┌ 4 ┬ flags 2 ┬ depth 2 ┬ 8 ┬ 8 ┬ 8 ┬ entries 8 ┬ root 8 ┐
//     meta   ┌ magic 4 ┬ version 4 ┬ 8 ┬ map size 8 ┬ two dbs ┬ last page 8 ┬ txn 8 ┐

#include "adapters/lmdb/walk.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

enum {
    PAGE_HEADER = 16,
    NODE_HEADER = 8,
    BRANCH = 0x01,
    LEAF = 0x02,
    OVERFLOW = 0x04,
    META_PAGE = 0x08,
    BIG_DATA = 0x01,
    SUB_DATA = 0x02,
    INTEGER_KEY = 0x08,
    DB_FLAGS = 0x7F, // the others, of the first, are the environment's
    MOST_DEPTH = 32,
};

#define MAGIC UINT32_C(0xBEEFC0DE)
#define NO_ROOT UINT64_MAX

typedef struct hm_lmdb_db {
    uint32_t pad; // of the first: the size of a page
    uint16_t flags;
    uint16_t depth;
    uint64_t branches;
    uint64_t leaves;
    uint64_t overflows;
    uint64_t entries;
    uint64_t root;
} hm_lmdb_db;

typedef struct hm_lmdb_meta {
    uint32_t magic;
    uint32_t version;
    uint64_t address;
    uint64_t map_size;
    hm_lmdb_db dbs[2]; // of free pages, and of named dbs
    uint64_t last_page;
    uint64_t transaction;
} hm_lmdb_meta;

typedef struct hm_lmdb_walk_state {
    const unsigned char *file;
    size_t page_size;
    uint64_t page_count; // of which the last may not be in the file, if they are free
    uint64_t there;      // that are in the file
    unsigned char *used; // a bit for each page
} hm_lmdb_walk_state;

typedef struct hm_lmdb_tree {
    const hm_lmdb_db *db;
    bool is_free; // of free pages
    bool is_main; // of named dbs
    uint64_t entries;
} hm_lmdb_tree;

static uint16_t read16(const unsigned char *at) {
    uint16_t number;
    memcpy(&number, at, sizeof number);
    return number;
}

static uint64_t read64(const unsigned char *at) {
    uint64_t number;
    memcpy(&number, at, sizeof number);
    return number;
}

// So many pages have one use more: they had none before.
static bool use(hm_lmdb_walk_state *walk, uint64_t page, uint64_t count) {
    if (page < 2 || page >= walk->page_count || count > walk->page_count - page) {
        return false;
    }
    for (uint64_t i = page; i < page + count; i++) {
        unsigned char bit = (unsigned char)(1u << i % 8);
        if ((walk->used[i / 8] & bit) != 0) {
            return false;
        }
        walk->used[i / 8] |= bit;
    }
    return true;
}

static const unsigned char *page_at(const hm_lmdb_walk_state *walk, uint64_t page) {
    return walk->file + page * walk->page_size;
}

static bool walk_overflow(hm_lmdb_walk_state *walk, uint64_t page, uint64_t size) {
    uint64_t count = (PAGE_HEADER - 1 + size) / walk->page_size + 1;
    if (!use(walk, page, count) || page + count > walk->there) {
        return false;
    }
    const unsigned char *header = page_at(walk, page);
    uint32_t pages;
    memcpy(&pages, header + 12, sizeof pages);
    return read64(header) == page && (read16(header + 10) & OVERFLOW) != 0 &&
           pages == count;
}

// A list of free pages: how many, and which.
static bool walk_free(
        hm_lmdb_walk_state *walk, const unsigned char *list, uint64_t size) {
    if (size < 8 || size % 8 != 0 || read64(list) != size / 8 - 1) {
        return false;
    }
    for (uint64_t i = 1; i < size / 8; i++) {
        if (!use(walk, read64(list + 8 * i), 1)) {
            return false;
        }
    }
    return true;
}

static bool walk_tree(hm_lmdb_walk_state *walk, hm_lmdb_tree *tree);

static bool walk_data(hm_lmdb_walk_state *walk, hm_lmdb_tree *tree,
        const unsigned char *data, uint64_t size, unsigned flags, size_t room) {
    if ((flags & BIG_DATA) != 0) {
        uint64_t page = room >= 8 ? read64(data) : 0;
        bool is_whole = room >= 8 && walk_overflow(walk, page, size);
        return is_whole &&
               (!tree->is_free ||
                       walk_free(walk, page_at(walk, page) + PAGE_HEADER, size));
    }
    if (size > room) {
        return false;
    }
    if (tree->is_free) {
        return walk_free(walk, data, size);
    }
    if (!tree->is_main) {
        return flags == 0;
    }
    // Of ours there are only named dbs.
    hm_lmdb_db db;
    if (flags != SUB_DATA || size != sizeof db) {
        return false;
    }
    memcpy(&db, data, sizeof db);
    hm_lmdb_tree named = {.db = &db};
    return (db.flags & ~INTEGER_KEY) == 0 && walk_tree(walk, &named);
}

static bool walk_page(
        hm_lmdb_walk_state *walk, hm_lmdb_tree *tree, uint64_t page, unsigned depth);

static bool walk_node(hm_lmdb_walk_state *walk, hm_lmdb_tree *tree,
        const unsigned char *header, unsigned index, unsigned depth) {
    size_t at = read16(header + PAGE_HEADER + 2 * index);
    if (at < read16(header + 14) || at + NODE_HEADER > walk->page_size) {
        return false;
    }
    const unsigned char *node = header + at;
    uint64_t low = read16(node) | (uint64_t)read16(node + 2) << 16;
    unsigned flags = read16(node + 4);
    size_t key = read16(node + 6);
    size_t room = walk->page_size - at - NODE_HEADER;
    bool is_leaf = depth == tree->db->depth;
    bool is_first = !is_leaf && index == 0; // whose key nobody looks at
    bool is_key = (tree->db->flags & INTEGER_KEY) == 0 || key == 8 || is_first;
    if (key > room || !is_key) {
        return false;
    }
    if (!is_leaf) {
        return walk_page(walk, tree, low | (uint64_t)flags << 32, depth + 1);
    }
    tree->entries++;
    return walk_data(walk, tree, node + NODE_HEADER + key, low, flags, room - key);
}

// Recursive, as deep as the tree says that it is.
static bool walk_page(
        hm_lmdb_walk_state *walk, hm_lmdb_tree *tree, uint64_t page, unsigned depth) {
    if (depth > tree->db->depth || !use(walk, page, 1) || page >= walk->there) {
        return false;
    }
    const unsigned char *header = page_at(walk, page);
    bool is_leaf = depth == tree->db->depth;
    unsigned lower = read16(header + 12);
    unsigned upper = read16(header + 14);
    unsigned count = lower >= PAGE_HEADER ? (lower - PAGE_HEADER) / 2 : 0;
    bool is_page = read64(header) == page &&
                   read16(header + 10) == (is_leaf ? LEAF : BRANCH) && lower <= upper &&
                   upper <= walk->page_size && lower % 2 == 0 &&
                   count >= (is_leaf ? 1u : 2u);
    for (unsigned i = 0; i < count && is_page; i++) {
        is_page = walk_node(walk, tree, header, i, depth);
    }
    return is_page;
}

static bool walk_tree(hm_lmdb_walk_state *walk, hm_lmdb_tree *tree) {
    const hm_lmdb_db *db = tree->db;
    if (db->root == NO_ROOT) {
        return db->entries == 0 && db->depth == 0;
    }
    return db->depth >= 1 && db->depth <= MOST_DEPTH &&
           walk_page(walk, tree, db->root, 1) && tree->entries == db->entries;
}

static bool read_meta(
        const unsigned char *file, size_t size, size_t at, hm_lmdb_meta *meta) {
    if (size < at + PAGE_HEADER + sizeof *meta) {
        return false;
    }
    memcpy(meta, file + at + PAGE_HEADER, sizeof *meta);
    return (read16(file + at + 10) & META_PAGE) != 0 && meta->magic == MAGIC &&
           meta->version == 1;
}

static bool walk_file(const unsigned char *file, size_t size) {
    hm_lmdb_meta metas[2];
    if (!read_meta(file, size, 0, &metas[0])) {
        return false;
    }
    size_t page_size = metas[0].dbs[0].pad;
    if (page_size < 512 || page_size > 65536 || (page_size & (page_size - 1)) != 0 ||
            !read_meta(file, size, page_size, &metas[1]) ||
            metas[1].dbs[0].pad != page_size) {
        return false;
    }
    const hm_lmdb_meta *meta = &metas[metas[1].transaction > metas[0].transaction];
    hm_lmdb_walk_state walk = {.file = file,
            .page_size = page_size,
            .page_count = meta->last_page + 1,
            .there = size / page_size};
    if (meta->last_page < 1 || meta->last_page > UINT64_MAX / 65536 - 1 ||
            meta->map_size / page_size < walk.page_count ||
            (meta->dbs[0].flags & DB_FLAGS) != INTEGER_KEY || meta->dbs[1].flags != 0) {
        return false;
    }
    walk.used = calloc((size_t)(walk.page_count / 8 + 1), 1);
    hm_lmdb_tree free_pages = {.db = &meta->dbs[0], .is_free = true};
    hm_lmdb_tree named = {.db = &meta->dbs[1], .is_main = true};
    bool is_well = walk.used != NULL && walk_tree(&walk, &free_pages) &&
                   walk_tree(&walk, &named);
    free(walk.used);
    return is_well;
}

bool hm_lmdb_walk(int file) {
    struct stat status;
    if (fstat(file, &status) != 0 || !S_ISREG(status.st_mode)) {
        return false;
    }
    size_t size = (size_t)status.st_size;
    if (size == 0) {
        return true;
    }
    void *mapping = mmap(NULL, size, PROT_READ, MAP_SHARED, file, 0);
    if (mapping == MAP_FAILED) {
        return false;
    }
    bool is_well = walk_file(mapping, size);
    munmap(mapping, size);
    return is_well;
}
