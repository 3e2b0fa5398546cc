/* libcurl as a careful C program uses it: one handle, one connection, one buffer that is kept. */
#include <curl/curl.h>

typedef struct {
    CURL *easy;
    struct curl_slist *headers;
    char *bytes;
    size_t count, room;
} getter;

static size_t getter_take(char *bytes, size_t size, size_t count, void *context)
{
    getter *to = (getter *)context;
    size_t n = size * count;
    if (to->count + n + 1 > to->room) {
        to->room = (to->count + n + 1) * 2;
        to->bytes = (char *)realloc(to->bytes, to->room);
        if (!to->bytes)
            return 0;
    }
    memcpy(to->bytes + to->count, bytes, n);
    to->count += n;
    to->bytes[to->count] = 0;
    return n;
}

static void getter_open(getter *it)
{
    memset(it, 0, sizeof *it);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    it->easy = curl_easy_init();
    it->headers = curl_slist_append(curl_slist_append(NULL, "X-API-TOKEN: bench-token"), "Accept: application/json");
    curl_easy_setopt(it->easy, CURLOPT_HTTPHEADER, it->headers);
    curl_easy_setopt(it->easy, CURLOPT_WRITEFUNCTION, getter_take);
    curl_easy_setopt(it->easy, CURLOPT_WRITEDATA, it);
    curl_easy_setopt(it->easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(it->easy, CURLOPT_ACCEPT_ENCODING, "gzip, deflate");
}

static void getter_get(getter *it, const char *url)
{
    long status = 0;
    it->count = 0;
    curl_easy_setopt(it->easy, CURLOPT_URL, url);
    if (curl_easy_perform(it->easy) != CURLE_OK)
        die("curl_easy_perform failed");
    curl_easy_getinfo(it->easy, CURLINFO_RESPONSE_CODE, &status);
    if (status != 200)
        die("an answer other than 200");
}

static void getter_page(getter *it, const char *url, int number)
{
    char full[512];
    snprintf(full, sizeof full, "%s/listing/variants?page=%d&pageSize=100&sync=true", url, number);
    getter_get(it, full);
}

/* The count of listings, `times` times, read as a number and nothing else: the least that a request can cost. */
static sums getter_small(getter *it, const char *url, long times)
{
    sums found = {0, 0, 0, 0};
    char full[512];
    snprintf(full, sizeof full, "%s/listing/variants/count", url);
    for (long i = 0; i < times; i++) {
        getter_get(it, full);
        found.listings += strtoll(it->bytes, NULL, 10);
    }
    return found;
}
