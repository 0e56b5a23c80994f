// value.c — making and ending values.

#include <string.h>

#include <hamilton/value.h>

hm_value hm_value_one(const hm_type *type, const void *data) {
    return (hm_value){.type = type, .data = data};
}

hm_value hm_value_many(const hm_type *type, const void *data, size_t length) {
    // The engine only reads what it was lent.
    void *unconst;
    memcpy(&unconst, &data, sizeof data);
    return (hm_value){
            .type = type, .depth = 1, .many = {.data = unconst, .length = length}};
}

hm_value hm_value_bool(bool value) {
    return (hm_value){.type = &hm_type_bool, .one.as_bool = value};
}

hm_value hm_value_int(int value) {
    return (hm_value){.type = &hm_type_int, .one.as_int = value};
}

hm_value hm_value_int64(int64_t value) {
    // int64_t is long here, long long elsewhere.
    bool is_long = _Generic(value, long : true, default : false);
    const hm_type *type = is_long ? &hm_type_long : &hm_type_longlong;
    return (hm_value){.type = type, .one.as_int64 = value};
}

hm_value hm_value_double(double value) {
    return (hm_value){.type = &hm_type_double, .one.as_double = value};
}

hm_value hm_value_string(const char *text) {
    return (hm_value){.type = &hm_type_string, .one.as_string = text};
}

hm_value hm_value_json(const char *text) {
    return (hm_value){.type = &hm_type_json, .one.as_string = text};
}

hm_value hm_value_object(const hm_type *type, const void *object) {
    return (hm_value){.type = type, .data = object, .by_reference = true};
}

const void *hm_value_data(const hm_value *value) {
    bool is_apart = value->data != NULL || value->by_reference ||
                    (value->type != NULL && value->type->size > sizeof value->one);
    return is_apart ? value->data : &value->one;
}

void hm_value_release(hm_value *value) {
    if (value->release != NULL) {
        value->release(value);
    }
    *value = (hm_value){0};
}
