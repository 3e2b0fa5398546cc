/* Handles, and how what a call brought comes to PHP. */
#include "native.h"
#include <zend_exceptions.h>
#include <zend_interfaces.h>

typedef struct {
    void *name; /* NULL once it is closed */
    int kind;
    zend_object object;
} flxchannel_held;

zend_class_entry *flxchannel_handle;
static zend_object_handlers handlers;

static flxchannel_held *held(zend_object *object)
{
    return (flxchannel_held *)((char *)object - offsetof(flxchannel_held, object));
}

static zend_object *make(zend_class_entry *class)
{
    flxchannel_held *new = zend_object_alloc(sizeof *new, class);
    new->name = NULL;
    new->kind = KIND_CLIENT;
    zend_object_std_init(&new->object, class);
    object_properties_init(&new->object, class);
    new->object.handlers = &handlers;
    return &new->object;
}

void *flxchannel_name(zend_object *object)
{
    return held(object)->name;
}

void flxchannel_close(zend_object *object)
{
    void *name = held(object)->name;
    held(object)->name = NULL;
    switch (held(object)->kind) {
    case KIND_CLIENT:
        flx_client_close(name);
        break;
    case KIND_PULL:
        flx_pull_close(name);
        break;
    case KIND_PAGE:
        flx_page_free(name);
        break;
    case KIND_SYNC:
        flx_sync_close(name);
        break;
    }
}

/* Also after a fatal error, when PHP calls no destructor any more. */
static void let_go(zend_object *object)
{
    flxchannel_close(object);
    zend_object_std_dtor(object);
}

static zend_function *no_constructor(zend_object *object)
{
    zend_throw_error(NULL, "handles of flxchannel are made by the library");
    return NULL;
}

void flxchannel_register_handle(void)
{
    zend_class_entry class;
    INIT_CLASS_ENTRY(class, "Flxchannel\\NativeHandle", NULL);
    flxchannel_handle = zend_register_internal_class(&class);
    flxchannel_handle->ce_flags |= ZEND_ACC_FINAL | ZEND_ACC_NO_DYNAMIC_PROPERTIES | ZEND_ACC_NOT_SERIALIZABLE;
    flxchannel_handle->create_object = make;
    memcpy(&handlers, zend_get_std_object_handlers(), sizeof handlers);
    handlers.offset = offsetof(flxchannel_held, object);
    handlers.free_obj = let_go;
    handlers.clone_obj = NULL;
    handlers.get_constructor = no_constructor;
}

/* Copies a view into a string of PHP. Where PHP's memory ends in that, what the view is of is freed before PHP goes its way. */
static void copy(zval *into, const char *p, size_t n, flx_blob *blob, flx_error *err)
{
    zend_try
    {
        ZVAL_STRINGL(into, p == NULL ? "" : p, n);
    }
    zend_catch
    {
        flx_blob_free(blob);
        flx_error_free(err);
        zend_bailout();
    }
    zend_end_try();
}

/* Throws what FlxException::of() of the PHP package makes of an error, and frees that. */
static void throw(int32_t status, flx_error *err)
{
    zval facts[3], thrown;
    ZVAL_LONG(&facts[0], status);
    for (int32_t i = 1; i < 3; i++) {
        const char *p = NULL;
        size_t n = 0;
        flx_error_view(err, i == 1 ? FLX_ERROR_JSON : FLX_ERROR_HUB_SAID, &p, &n);
        copy(&facts[i], p, n, NULL, err);
    }
    flx_error_free(err);
    ZVAL_UNDEF(&thrown);
    zend_string *name = zend_string_init("Flxchannel\\FlxException", sizeof "Flxchannel\\FlxException" - 1, 0);
    zend_class_entry *class = zend_lookup_class(name);
    zend_function *of = class == NULL ? NULL : zend_hash_str_find_ptr(&class->function_table, "of", 2);
    if (of != NULL) {
        zend_call_known_function(of, NULL, class, &thrown, 3, facts, NULL);
    }
    if (Z_TYPE(thrown) == IS_OBJECT) {
        zend_throw_exception_object(&thrown);
    } else if (!EG(exception)) {
        zend_throw_error(NULL, "%s; the PHP package flxchannel/flxchannel, which has the exceptions, is not loaded",
                         flx_status_name(status));
    }
    zend_string_release(name);
    zval_ptr_dtor(&facts[1]);
    zval_ptr_dtor(&facts[2]);
}

void flxchannel_make_handle(zval *into, int kind)
{
    zend_object *object = make(flxchannel_handle);
    held(object)->kind = kind;
    ZVAL_OBJ(into, object);
}

void flxchannel_give_handle(zval *into, int32_t status, void *name, flx_error *err)
{
    held(Z_OBJ_P(into))->name = name;
    if (name != NULL) {
        return;
    }
    zval_ptr_dtor(into);
    ZVAL_LONG(into, status);
    if (status < 0) {
        throw(status, err);
    }
}

static void text_of(zval *into, flx_blob *blob)
{
    const void *p;
    size_t n;
    flx_blob_view(blob, &p, &n);
    if (p == NULL) {
        ZVAL_NULL(into);
    } else {
        copy(into, p, n, blob, NULL);
    }
    flx_blob_free(blob);
}

void flxchannel_give_text(zval *into, int32_t status, flx_blob *blob, flx_error *err)
{
    if (status < 0) {
        throw(status, err);
    } else {
        text_of(into, blob);
    }
}

void flxchannel_give_told(zval *into, int32_t status, flx_blob *blob, flx_error *err)
{
    if (status < 0) {
        throw(status, err);
        return;
    }
    zval text;
    text_of(&text, blob);
    array_init_size(into, 2);
    add_next_index_long(into, status);
    add_next_index_zval(into, &text);
}

void flxchannel_give_view(zval *into, int32_t status, const char *p, size_t n)
{
    if (status < 0) {
        throw(status, NULL);
    } else {
        ZVAL_STRINGL(into, p, n);
    }
}

void flxchannel_give_nothing(int32_t status, flx_error *err)
{
    if (status < 0) {
        throw(status, err);
    }
}
