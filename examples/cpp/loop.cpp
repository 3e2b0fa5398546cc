/*
 * The whole job of a channel, once around, in C++: loop [NUMBER]
 *
 * Events come to functions, an order is written field by field, and all that goes wrong is an exception. Here "the shop"
 * is what is counted.
 */
#include <flxchannel.hpp>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <map>

using namespace std::chrono_literals;

namespace
{

flx::Config from_environment()
{
    flx::Config config{{"channel", "cpp-example"}};
    const std::pair<const char *, const char *> settings[] = {
        {"origin", "FLX_URL"}, {"token", "FLX_TOKEN"}, {"state_dir", "FLX_STATE_DIR"}};
    for (const auto &[key, variable] : settings)
        if (const char *value = std::getenv(variable))
            config.set(key, value);
    return config;
}

/** The SKU of something that is in stock. Nothing is answered: what is looked at here comes again with the round. */
std::string something_to_sell(flx::Client &client)
{
    const auto is_in_stock = [](const flx_listing_variant &variant) {
        return (variant.has & FLX_HAS_QUANTITY) && variant.quantity > 2 && !variant.change_to;
    };
    for (const flx::Page &page : client.pull(FLX_FEED_LISTINGS_TO_SYNC, R"({"page_size":20})")) {
        const auto variants = page.variants();
        const auto found = std::find_if(variants.begin(), variants.end(), is_in_stock);
        if (found != variants.end())
            return std::string(flx::view(found->sku));
    }
    throw std::runtime_error("the shop has nothing to sell");
}

flx::OrderBuilder order(std::string_view number, std::string_view sku)
{
    flx::OrderBuilder order(number);
    order.set("/shippingText", "Standard").set("/shippingAddress/name", "Robin Example");
    order.set("/shippingAddress/addressLine1", "1 Sample Street").set("/shippingAddress/city", "Springfield");
    order.set("/shippingAddress/postal", "00000").set("/shippingAddress/countryCode", "US");
    order.item(sku, 1, "19.99");
    return order;
}

/** A function for each type of event: what it is about is JSON, for the JSON library that you have. */
flx::Handlers shop(std::map<std::string, int> &counts)
{
    const auto done = [&counts](const char *what) {
        return [&counts, what](std::string_view) {
            counts[what]++;
            return "true";
        };
    };
    flx::Handlers handlers;
    handlers.publish = done("published");
    handlers.sync = done("synced");
    handlers.change = done("changed");
    handlers.result = done("results");
    handlers.order = done("orders");
    handlers.shipment = done("shipments");
    return handlers;
}

} // namespace

int main(int argc, char **argv)
try {
    const std::string number = argc > 1 ? argv[1] : "CPP-1";
    flx::Client client(from_environment());
    const std::string sku = something_to_sell(client);

    client.submit(order(number, sku)); // durable from here on; the same again sends nothing
    while (client.flush(2s)) {
    }
    try {
        client.submit(order(number, "another"));
    } catch (const flx::ConflictError &taken) {
        std::cout << "conflict: " << taken.name << "\n"; // the number is taken: nothing was sent
    }

    std::map<std::string, int> counts;
    flx::Handlers handlers = shop(counts);
    const std::string summary = client.sync(handlers);
    if (handlers.thrown)
        std::rethrow_exception(handlers.thrown);
    for (const auto &[what, count] : counts)
        std::cout << count << " " << what << "\n";
    std::cout << summary << "\n" << client.history(number) << "\n";
} catch (const flx::Error &error) {
    std::cerr << error.what() << "\n"; // "FLX_E_CONFIG: ..."; no token, no buyer data
    return EXIT_FAILURE;
}
