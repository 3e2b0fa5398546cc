// Pages and records in the algorithms of the standard library: prints a line for what is not so, and how many claims are.
#include <flxchannel.hpp>

#include <cstdlib>
#include <iostream>
#include <numeric>
#include <vector>

namespace
{

using Variant = flx_listing_variant;
int passed = 0, failed = 0;

void check(const char *claim, bool is_so)
{
    ++(is_so ? passed : failed);
    if (!is_so)
        std::cout << "FAILED " << claim << "\n";
}

template <typename I>
constexpr bool is_iterator =
    std::is_copy_assignable_v<I> && std::is_default_constructible_v<I> &&
    std::is_base_of_v<std::input_iterator_tag, typename std::iterator_traits<I>::iterator_category> &&
    std::is_same_v<typename std::iterator_traits<I>::difference_type, std::ptrdiff_t> &&
    std::is_same_v<decltype(*std::declval<I &>()), typename std::iterator_traits<I>::reference> &&
    std::is_same_v<decltype(std::declval<I &>().operator->()), typename std::iterator_traits<I>::pointer>;

void records_of(const flx::Page &page)
{
    const auto all = page.variants();
    static_assert(is_iterator<decltype(all.begin())>);
    static_assert(std::is_same_v<std::iterator_traits<decltype(all.begin())>::value_type, Variant>);
    check("distance() counts the records", std::distance(all.begin(), all.end()) == std::ptrdiff_t(page.size()));

    const Variant &second = page.variants()[1];
    const auto found = std::find_if(all.begin(), all.end(), [&](const Variant &one) { return &one == &second; });
    check("find_if() gives the record it was asked for", found == std::next(all.begin()) && found->id.p == second.id.p);

    const auto most = std::max_element(all.begin(), all.end(), [](const Variant &a, const Variant &b) { return a.quantity < b.quantity; });
    check("max_element() finds the largest", std::all_of(all.begin(), all.end(), [&](const Variant &one) { return one.quantity <= most->quantity; }));

    auto step = all.begin();
    check("it++ gives what was there, and goes on", &*step++ == &all[0] && &*step == &all[1]);
    std::vector<const Variant *> kept;
    std::transform(all.begin(), all.end(), std::back_inserter(kept), [](const Variant &one) { return &one; });
    check("transform() sees each once", kept.size() == page.size() && kept.back() == &all[all.size() - 1]);
}

} // namespace

int main()
try {
    flx::Config config{{"channel", "ranges"}, {"token", std::getenv("FLX_TOKEN")}, {"origin", std::getenv("FLX_URL")}};
    config.set("state_dir", std::getenv("FLX_STATE_DIR"));
    flx::Client client(config);

    flx::Pull pull = client.pull(FLX_FEED_LISTINGS, R"({"page_size":500})");
    static_assert(is_iterator<flx::Pull::iterator>);
    auto first = std::find_if(pull.begin(), pull.end(), [](const flx::Page &page) { return page.size() > 1; });
    check("find_if() gives a page", first != pull.end());
    records_of(*first);
    auto next = first;
    const std::string receipt(first->receipt());
    check("it++ keeps the page before", next++->receipt() == receipt && next != pull.end() && next->receipt() != receipt);
    const auto rest = std::accumulate(next, pull.end(), size_t(0), [](size_t n, const flx::Page &page) { return n + page.size(); });
    check("accumulate() goes to the proven end", rest > 0 && pull.done);
    flx::Pull again = client.pull(FLX_FEED_ORDERS);
    check("distance() counts pages", std::distance(again.begin(), again.end()) > 0 && again.done);

    const auto numbers = flx::Range{[](size_t i) { return int(i); }, 5};
    check("a range of what is computed adds up", std::accumulate(numbers.begin(), numbers.end(), 0) == 10);
    std::cout << passed << " claims hold, " << failed << " do not\n";
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
} catch (const flx::Error &error) {
    std::cout << error.what() << "\n";
    return EXIT_FAILURE;
}
