/* fork() for a test, as another addon might do it: the child holds what it inherited until it is killed. JavaScript cannot go on in
 * it, since V8 leaves its code out of a fork. */
#include <node_api.h>
#include <unistd.h>

static napi_value js_fork(napi_env env, napi_callback_info info)
{
    (void)info;
    napi_value made = NULL;
    pid_t child = fork();
    while (child == 0)
        pause();
    napi_create_int64(env, child, &made);
    return made;
}

NAPI_MODULE_INIT()
{
    napi_create_function(env, "fork", NAPI_AUTO_LENGTH, js_fork, NULL, &exports);
    return exports;
}
