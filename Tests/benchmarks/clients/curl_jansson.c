/* libcurl and jansson, by hand.   curl_jansson start|pages|small URL [TIMES] */
#include "sums.h"
#include "curl_get.h"
#include <jansson.h>

static sums pages(getter *get, const char *url)
{
    sums found = {0};
    for (int number = 1;; number++) {
        getter_page(get, url, number);
        json_t *page = json_loadb(get->bytes, get->count, 0, NULL);
        size_t count = json_array_size(page);
        if (!json_is_array(page))
            die("no array");
        for (size_t i = 0; i < count; i++) {
            json_t *record = json_array_get(page, i);
            found.listings++;
            found.ids += json_integer_value(json_object_get(record, "id"));
            found.cents += llround(json_number_value(json_object_get(record, "price")) * 100);
            found.quantity += json_integer_value(json_object_get(record, "quantity"));
        }
        json_decref(page);
        if (!count)
            return found;
    }
}

int main(int argc, char **argv)
{
    if (argc < 3)
        die("usage: curl_jansson start|pages|small URL [TIMES]");
    getter get;
    getter_open(&get);
    sums found = {0};
    if (strcmp(argv[1], "start"))
        getter_small(&get, argv[2], 1);
    double cpu = cpu_seconds(), wall = wall_seconds();
    if (!strcmp(argv[1], "pages"))
        found = pages(&get, argv[2]);
    if (!strcmp(argv[1], "small"))
        found = getter_small(&get, argv[2], atol(argv[3]));
    report(cpu, wall, found);
    return 0;
}
