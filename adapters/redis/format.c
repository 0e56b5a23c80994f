// format.c — redis: the value of a key as data that nodes load and save. A string is
// its text, numbers and all else are JSON; with `raw` an array of numbers is its bytes.

#define _DEFAULT_SOURCE // struct timeval, in headers of hiredis

#include <hiredis/hiredis.h>
#include <stdio.h>
#include <string.h>

#include <hamilton/json.h>
#include <hamilton/redis.h>

#include "adapters/redis/exchange.h"
#include "base/allocator.h"
#include "base/arena.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/text.h"

// The first is what metadata call the source: an address may hold a password.
enum { KEY, ADDRESS, TTL, RAW, PARAMETER_COUNT };

static const hm_format_parameter parameters[] = {
        [KEY] = {"key", &hm_type_string, true, "in the server"},
        [ADDRESS] = {"address", &hm_type_string, true,
                "of the server, as redis://localhost"},
        [TTL] = {"ttl", &hm_type_long, false, "seconds until what is saved goes"},
        [RAW] = {"raw", &hm_type_bool, false,
                "an array of numbers is its bytes, not JSON"},
};

static bool is_number(const hm_type *type) {
    return type->kind == HM_KIND_INT || type->kind == HM_KIND_UINT ||
           type->kind == HM_KIND_FLOAT;
}

// A server and a key in it, as long as a call takes.
typedef struct hm_redis_place {
    hm_arena arena;
    hm_redis_address address;
    const char *key;
    const char *name; // for messages and metadata: no password in it
    hm_redis_client *client;
} hm_redis_place;

static void leave(hm_redis_place *place) {
    hm_redis_client_destroy(place->client);
    hm_arena_finish(&place->arena);
}

static hm_status reach(hm_redis_place *place, const hm_value *arguments,
        const hm_allocator *allocator, hm_error *error) {
    *place = (hm_redis_place){.key = hm_argument_string(&arguments[KEY])};
    hm_arena_init(&place->arena, allocator);
    hm_status status = hm_redis_address_read(&place->address,
            hm_argument_string(&arguments[ADDRESS]), &place->arena, error);
    if (status == HM_OK) {
        char name[512];
        snprintf(name, sizeof name, "%.200s, key `%.200s`", place->address.description,
                place->key);
        place->name = hm_arena_text(&place->arena, name);
        status = place->name != NULL ? hm_redis_client_create(&place->address,
                                               allocator, &place->client, error)
                                     : hm_error_no_memory(error);
    }
    if (status != HM_OK) {
        leave(place);
    }
    return status;
}

// One command of words, and what is done with its reply.
static hm_status tell(hm_redis_place *place, const hm_resp_part *parts, size_t count,
        hm_redis_take *take, void *context, hm_error *error) {
    hm_redis_batch batch;
    hm_redis_batch_init(&batch, place->arena.allocator);
    hm_redis_batch_add(&batch, parts, count);
    hm_status status = hm_redis_exchange(
            place->client, place->address.description, &batch, take, context, error);
    hm_redis_batch_finish(&batch);
    return status;
}

// What was loaded: the bytes, a NUL behind them, and the value.
typedef struct hm_redis_owner {
    const hm_allocator *allocator;
    char *bytes;
    size_t length;
    const char *text; // bytes, as the string that the value is
    hm_value value;   // of JSON
    char name[512];
} hm_redis_owner;

static void release_owner(void *context) {
    hm_redis_owner *owner = context;
    const hm_allocator *allocator = owner->allocator;
    if (owner->bytes != NULL) {
        hm_deallocate(allocator, owner->bytes, owner->length + 1, 64);
    }
    hm_value_release(&owner->value);
    hm_deallocate_array(allocator, owner, 1, sizeof *owner);
}

static hm_status take_bytes(
        void *context, size_t which, const redisReply *reply, hm_error *error) {
    (void)which;
    hm_redis_owner *owner = context;
    if (reply->type == REDIS_REPLY_NIL) {
        return hm_error_set(error, HM_BAD_DATA, "%s: it is not there", owner->name);
    }
    if (reply->type != REDIS_REPLY_STRING) {
        return hm_error_set(error, HM_BAD_DATA, "%s: it is no string", owner->name);
    }
    owner->bytes = hm_allocate(owner->allocator, reply->len + 1, 64);
    if (owner->bytes == NULL) {
        return hm_error_no_memory(error);
    }
    owner->length = reply->len;
    memcpy(owner->bytes, reply->str, reply->len);
    owner->bytes[reply->len] = '\0';
    return HM_OK;
}

static hm_status take_numbers(
        hm_redis_owner *owner, const hm_type *type, hm_value *value, hm_error *error) {
    if (owner->length % type->size != 0) {
        return hm_error_set(error, HM_BAD_DATA,
                "%s: its %zu bytes are no whole number of %s, of %u bytes each",
                owner->name, owner->length, type->name, (unsigned)type->size);
    }
    *value = hm_value_many(type, owner->bytes, owner->length / type->size);
    return HM_OK;
}

static hm_status make_value(hm_redis_owner *owner, const hm_load *wanted,
        hm_value *value, hm_error *error) {
    const hm_type *type = wanted->columns[0].type;
    if (hm_argument_bool(&wanted->arguments[RAW], false)) {
        return wanted->is_array && is_number(type)
                       ? take_numbers(owner, type, value, error)
                       : hm_error_set(error, HM_BAD_ARGUMENT,
                                 "%s: raw bytes are an array of numbers", owner->name);
    }
    if (memchr(owner->bytes, '\0', owner->length) != NULL) {
        return hm_error_set(error, HM_BAD_DATA,
                "%s: it has a zero byte, which ends text: take it as an array of "
                "unsigned char, with HM_VALUE(raw, true)",
                owner->name);
    }
    if (!wanted->is_array && type->kind == HM_KIND_STRING) {
        owner->text = owner->bytes;
        *value = hm_value_one(type, &owner->text);
        return HM_OK;
    }
    hm_error detail;
    hm_status status =
            hm_json_read(owner->bytes, type, owner->allocator, &owner->value, &detail);
    if (status != HM_OK) {
        return hm_error_set(error, status, "%s: %s", owner->name, detail.message);
    }
    *value = owner->value;
    value->release = NULL;
    return HM_OK;
}

static void note_content(const void *bytes, size_t length, hm_data_facts *facts) {
    hm_hash hash = hm_hash_of(bytes, length);
    hm_hash_write(&hash, facts->content);
}

static hm_status load_owner(
        hm_redis_owner *owner, const hm_load *wanted, hm_error *error) {
    hm_redis_place place;
    HM_TRY(reach(&place, wanted->arguments, wanted->allocator, error));
    snprintf(owner->name, sizeof owner->name, "%s", place.name);
    const hm_resp_part parts[] = {{"GET", 3}, {place.key, strlen(place.key)}};
    hm_status status = tell(&place, parts, 2, take_bytes, owner, error);
    leave(&place);
    return status;
}

static hm_status load(
        void *self, const hm_load *wanted, hm_loaded *loaded, hm_error *error) {
    (void)self;
    hm_redis_owner *owner = hm_allocate_array(wanted->allocator, 1, sizeof *owner);
    if (owner == NULL) {
        return hm_error_no_memory(error);
    }
    owner->allocator = wanted->allocator;
    hm_status status = load_owner(owner, wanted, error);
    if (status == HM_OK) {
        status = make_value(owner, wanted, &loaded->values[0], error);
    }
    if (status != HM_OK) {
        release_owner(owner);
        return status;
    }
    loaded->facts.source = owner->name;
    loaded->facts.bytes = (int64_t)owner->length;
    if (wanted->is_told) {
        note_content(owner->bytes, owner->length, &loaded->facts);
    }
    loaded->owner = owner;
    loaded->release = release_owner;
    return HM_OK;
}

static bool is_whole(const hm_array *array) {
    for (size_t i = 0; i < array->length && array->validity != NULL; i++) {
        if ((array->validity[i / 8] >> (i % 8) & 1) == 0) {
            return false;
        }
    }
    return true;
}

// The bytes of a value, in the text if they have to be made.
static hm_status find_bytes(const hm_value *value, bool is_raw, hm_text *text,
        hm_resp_part *bytes, hm_error *error) {
    if (is_raw) {
        if (value->depth != 1 || !is_number(value->type) || !is_whole(&value->many)) {
            return hm_error_set(error, HM_BAD_DATA,
                    "raw bytes are an array of numbers of which none is missing");
        }
        *bytes = (hm_resp_part){
                value->many.data, value->many.length * value->type->size};
        return HM_OK;
    }
    const char *string = NULL;
    if (value->depth == 0 && value->type->kind == HM_KIND_STRING) {
        memcpy(&string, hm_value_data(value), sizeof string);
    }
    if (string != NULL) {
        *bytes = (hm_resp_part){string, strlen(string)};
        return HM_OK;
    }
    hm_status status = hm_json_write(value, hm_text_write, text);
    if (status == HM_BAD_DATA) {
        return hm_error_set(error, status, "there is text in it that is not UTF-8");
    }
    if (status != HM_OK || text->failed) {
        return hm_error_no_memory(error);
    }
    *bytes = (hm_resp_part){hm_text_get(text), text->length};
    return HM_OK;
}

static hm_status take_nothing(
        void *context, size_t which, const redisReply *reply, hm_error *error) {
    (void)context;
    (void)which;
    (void)reply;
    (void)error;
    return HM_OK;
}

static hm_status set(hm_redis_place *place, const hm_save *given,
        const hm_resp_part *bytes, hm_error *error) {
    char seconds[24];
    int64_t ttl = hm_argument_int64(&given->arguments[TTL], 0);
    if (ttl < 0) {
        return hm_error_set(error, HM_BAD_ARGUMENT, "a ttl is not less than 0 seconds");
    }
    int length = snprintf(seconds, sizeof seconds, "%lld", (long long)ttl);
    const hm_resp_part parts[] = {{"SET", 3}, {place->key, strlen(place->key)}, *bytes,
            {"EX", 2}, {seconds, (size_t)length}};
    return tell(place, parts, ttl > 0 ? 5 : 3, take_nothing, NULL, error);
}

static hm_status save(
        void *self, const hm_save *given, hm_data_facts *facts, hm_error *error) {
    (void)self;
    if (given->value_count > 1) {
        return hm_error_set(error, HM_BAD_DATA,
                "a key has one value: save one output of the function");
    }
    hm_redis_place place;
    HM_TRY(reach(&place, given->arguments, given->allocator, error));
    hm_text text;
    hm_text_init(&text, given->allocator);
    hm_resp_part bytes = {0};
    hm_error detail = {.status = HM_OK};
    bool is_raw = hm_argument_bool(&given->arguments[RAW], false);
    hm_status status =
            find_bytes(&given->values[0].value, is_raw, &text, &bytes, &detail);
    if (status == HM_OK) {
        status = set(&place, given, &bytes, &detail);
    }
    if (status == HM_OK) {
        facts->bytes = (int64_t)bytes.length;
        note_content(bytes.bytes, bytes.length, facts);
    } else {
        (void)hm_error_set(error, status, "%s: %s", place.name, detail.message);
    }
    hm_text_finish(&text);
    leave(&place);
    return status;
}

static const hm_data_format redis = {.struct_size = sizeof(hm_data_format),
        .name = "redis",
        .parameters = parameters,
        .parameter_count = PARAMETER_COUNT,
        .load = load,
        .save = save};

const hm_data_format *const *hm_redis_formats(size_t *count) {
    static const hm_data_format *const formats[] = {&redis};
    *count = sizeof formats / sizeof *formats;
    return formats;
}
