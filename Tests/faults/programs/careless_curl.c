/* A libcurl that is told to follow redirects, to reuse connections for every request, and not to ask before it sends:
 * loaded in front of the real one it makes the library careless, so that the checkers have something to find. */
#include <curl/curl.h>
#include <dlfcn.h>
#include <stdarg.h>

#undef curl_easy_setopt

static int may_send(void *context, char *a, char *b, int c, int d)
{
    (void)context, (void)a, (void)b, (void)c, (void)d;
    return CURL_PREREQFUNC_OK;
}

CURLcode curl_easy_setopt(CURL *handle, CURLoption option, ...)
{
    static CURLcode (*real)(CURL *, CURLoption, ...);
    if (!real)
        real = (CURLcode (*)(CURL *, CURLoption, ...))dlsym(RTLD_NEXT, "curl_easy_setopt");
    va_list arguments;
    va_start(arguments, option);
    void *value = va_arg(arguments, void *);
    va_end(arguments);
    switch (option) {
    case CURLOPT_FOLLOWLOCATION:
        return real(handle, option, 1L);
    case CURLOPT_FRESH_CONNECT:
    case CURLOPT_FORBID_REUSE:
        return real(handle, option, 0L);
    case CURLOPT_REDIR_PROTOCOLS_STR:
        return real(handle, option, "http,https");
    case CURLOPT_PREREQFUNCTION:
        return real(handle, option, may_send);
    default:
        return real(handle, option, value);
    }
}
