/*
 * The C extension: a class with one method for each function of flxchannel.h, which bindings/php/src/Backend/Backend.php
 * describes. It marshals and decides nothing; what makes it pleasant is PHP, and shared with the back end that uses FFI.
 *
 * No code of PHP runs while the library is inside a call. So neither an exception nor PHP's way out of a fatal error, which
 * is a longjmp, can leave the library half way.
 */
#ifndef FLXCHANNEL_NATIVE_H
#define FLXCHANNEL_NATIVE_H

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include <php.h>
#include <flxchannel.h>

/* What a handle is a name of. The library refuses one where another is meant; this decides who closes it. */
enum { KIND_CLIENT, KIND_PULL, KIND_PAGE, KIND_SYNC };

/* The class of handles: opaque, and let go with the request at the latest. */
extern zend_class_entry *flxchannel_handle;
void flxchannel_register_handle(void);

/* The name in a handle; NULL once it is closed, which the library answers with FLX_E_HANDLE. */
void *flxchannel_name(zend_object *handle);
void flxchannel_close(zend_object *handle);

/* A handle without a name: made before the call that gives it one, for PHP's memory may end in between. */
void flxchannel_make_handle(zval *into, int kind);

/* Each gives what a call brought to PHP and frees what it came in, or throws what went wrong. */
void flxchannel_give_handle(zval *into, int32_t status, void *name, flx_error *err);
void flxchannel_give_text(zval *into, int32_t status, flx_blob *blob, flx_error *err);
void flxchannel_give_told(zval *into, int32_t status, flx_blob *blob, flx_error *err);
void flxchannel_give_view(zval *into, int32_t status, const char *p, size_t n);
void flxchannel_give_nothing(int32_t status, flx_error *err);

/* Parameters of a method: a handle, text, a number. */
#define HANDLE(object) Z_PARAM_OBJ_OF_CLASS(object, flxchannel_handle)
#define TEXT(text) Z_PARAM_STR(text)
#define NUMBER(number) Z_PARAM_LONG(number)
#define TAKE(count, parameters)                                                                                        \
    ZEND_PARSE_PARAMETERS_START(count, count)                                                                          \
    parameters ZEND_PARSE_PARAMETERS_END()

/* As the library takes text: pointer and length. */
#define BYTES(text) ZSTR_VAL(text), ZSTR_LEN(text)

/* A whole method of a handle, by what it takes beside it and what it gives. */
#define METHOD(name) ZEND_METHOD(Flxchannel_Native, name)

#define GIVES_TEXT(name, call)                                                                                         \
    METHOD(name)                                                                                                       \
    {                                                                                                                  \
        zend_object *object;                                                                                           \
        flx_blob *blob = NULL;                                                                                         \
        flx_error *err = NULL;                                                                                         \
        TAKE(1, HANDLE(object));                                                                                       \
        int32_t status = call(flxchannel_name(object), &blob, &err);                                                   \
        flxchannel_give_text(return_value, status, blob, err);                                                         \
    }

#define TEXT_GIVES_TEXT(name, call)                                                                                    \
    METHOD(name)                                                                                                       \
    {                                                                                                                  \
        zend_object *object;                                                                                           \
        zend_string *text;                                                                                             \
        flx_blob *blob = NULL;                                                                                         \
        flx_error *err = NULL;                                                                                         \
        TAKE(2, HANDLE(object) TEXT(text));                                                                            \
        int32_t status = call(flxchannel_name(object), BYTES(text), &blob, &err);                                      \
        flxchannel_give_text(return_value, status, blob, err);                                                         \
    }

#define TEXT_GIVES_NOTHING(name, call)                                                                                 \
    METHOD(name)                                                                                                       \
    {                                                                                                                  \
        zend_object *object;                                                                                           \
        zend_string *text;                                                                                             \
        flx_error *err = NULL;                                                                                         \
        TAKE(2, HANDLE(object) TEXT(text));                                                                            \
        int32_t status = call(flxchannel_name(object), BYTES(text), &err);                                             \
        flxchannel_give_nothing(status, err);                                                                          \
    }

#define CLOSES(name)                                                                                                   \
    METHOD(name)                                                                                                       \
    {                                                                                                                  \
        zend_object *object;                                                                                           \
        TAKE(1, HANDLE(object));                                                                                       \
        flxchannel_close(object);                                                                                      \
    }

#endif
