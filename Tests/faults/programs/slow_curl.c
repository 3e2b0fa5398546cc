/* A libcurl that holds the lock of its setting up a little longer: loaded in front of the real one it makes long the moment in which
 * a fork would leave a child that can make no handle. */
#include <curl/curl.h>
#include <dlfcn.h>
#include <pthread.h>
#include <unistd.h>

static pthread_mutex_t setting_up;

__attribute__((constructor)) static void begin(void)
{
    pthread_mutexattr_t recursive;
    pthread_mutexattr_init(&recursive);
    pthread_mutexattr_settype(&recursive, PTHREAD_MUTEX_RECURSIVE);
    pthread_mutex_init(&setting_up, &recursive);
}

static void *slowly(const char *name)
{
    void *(*real)(void) = (__typeof__(real))dlsym(RTLD_NEXT, name);
    pthread_mutex_lock(&setting_up);
    usleep(2000);
    void *made = real();
    pthread_mutex_unlock(&setting_up);
    return made;
}

CURL *curl_easy_init(void)
{
    return slowly("curl_easy_init");
}
CURLM *curl_multi_init(void)
{
    return slowly("curl_multi_init");
}
