/* The module and its class; what the library says without a client. */
#include "native.h"
#include <ext/standard/info.h>
#include <zend_attributes.h>
#include "native_arginfo.h"

METHOD(version)
{
    ZEND_PARSE_PARAMETERS_NONE();
    RETURN_LONG(flx_version());
}

METHOD(versionString)
{
    ZEND_PARSE_PARAMETERS_NONE();
    RETURN_STRING(flx_version_string());
}

METHOD(require)
{
    zend_long header;
    TAKE(1, NUMBER(header));
    RETURN_LONG(flx_require((uint32_t)header));
}

METHOD(describe)
{
    zend_string *topic;
    flx_blob *blob = NULL;
    flx_error *err = NULL;
    TAKE(1, TEXT(topic));
    int32_t status = flx_describe(BYTES(topic), &blob, &err);
    flxchannel_give_text(return_value, status, blob, err);
}

static void hide(HashTable *methods, const char *name, uint32_t argument)
{
    zend_function *method = zend_hash_str_find_ptr(methods, name, strlen(name));
    zend_add_parameter_attribute(method, argument, ZSTR_KNOWN(ZEND_STR_SENSITIVEPARAMETER), 0);
}

static PHP_MINIT_FUNCTION(flxchannel)
{
    zend_class_entry class;
    INIT_CLASS_ENTRY(class, "Flxchannel\\Native", native_methods);
    hide_arguments(&zend_register_internal_class(&class)->function_table);
    flxchannel_register_handle();
    return flx_require(FLX_VERSION) == FLX_OK ? SUCCESS : FAILURE;
}

static PHP_MINFO_FUNCTION(flxchannel)
{
    php_info_print_table_start();
    php_info_print_table_row(2, "flxchannel", "enabled");
    php_info_print_table_row(2, "library", flx_version_string());
    php_info_print_table_end();
}

#define NUMBERED(number) #number
#define VERSION_TEXT(number) NUMBERED(number)

zend_module_entry flxchannel_module_entry = {
    STANDARD_MODULE_HEADER,
    "flxchannel",
    NULL,
    PHP_MINIT(flxchannel),
    NULL,
    NULL,
    NULL,
    PHP_MINFO(flxchannel),
    VERSION_TEXT(FLX_VERSION),
    STANDARD_MODULE_PROPERTIES,
};

#ifdef COMPILE_DL_FLXCHANNEL
#ifdef ZTS
ZEND_TSRMLS_CACHE_DEFINE()
#endif
ZEND_GET_MODULE(flxchannel)
#endif
