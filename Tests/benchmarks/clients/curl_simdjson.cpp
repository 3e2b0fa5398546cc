// libcurl and simdjson's DOM, by hand.   curl_simdjson start|pages|small URL [TIMES]
#include "sums.hpp"
#include "curl_get.h"
#include <simdjson.h>

static sums pages(getter *get, const char *url)
{
    sums found = {};
    simdjson::dom::parser parser;
    for (int number = 1;; number++) {
        getter_page(get, url, number);
        simdjson::dom::array page;
        if (parser.parse(get->bytes, get->count).get(page))
            die("no array");
        bool any = false;
        for (simdjson::dom::element record : page) {
            int64_t id = 0, quantity = 0;
            double price = 0;
            if (record["id"].get(id))
                die("no id");
            if (record["price"].get(price))
                price = 0;
            if (record["quantity"].get(quantity))
                quantity = 0;
            any = true;
            found.listings++;
            found.ids += id;
            found.cents += llround(price * 100);
            found.quantity += quantity;
        }
        if (!any)
            return found;
    }
}

int main(int argc, char **argv)
{
    if (argc < 3)
        die("usage: curl_simdjson start|pages|small URL [TIMES]");
    getter get;
    getter_open(&get);
    sums found = {};
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
