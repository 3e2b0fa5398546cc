/*
 * flxchannel for C++17: handles that free themselves, errors as exceptions, pages and records as ranges. Header only.
 *
 *     flx::Client client({{"channel", "shop"}, {"token", token}, {"state_dir", "/var/lib/shop/flx"}});
 *     for (const flx::Page &page : client.pull(FLX_FEED_LISTINGS_TO_SYNC)) {
 *         for (const flx_listing_variant &variant : page.variants()) save(flx::view(variant.sku), variant);
 *         client.ack(page.receipt(), answers);
 *     }
 *     client.submit(order);
 *     while (client.flush(5s)) {}
 *
 * What a call means is said in flxchannel.h, above the function that it names; what is C++ about it is said here:
 *  - Errors are thrown, as the class of code or band; a write whose effect is unknown is a PossiblyAppliedError by any code.
 *  - Text in is a std::string_view; text out is a std::string, or a view that lives as long as its page. JSON stays text.
 *  - Waits are std::chrono::milliseconds; left out, they are the config's. No retry, no check, no default of its own.
 */
#ifndef FLXCHANNEL_HPP
#define FLXCHANNEL_HPP
#include <flxchannel.h>
#include <algorithm>
#include <chrono>
#include <exception>
#include <functional>
#include <initializer_list>
#include <iterator>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

namespace flx {
using Text = std::string_view;
using Milliseconds = std::chrono::milliseconds;
inline constexpr Milliseconds configured{-1}; /**< as a wait: what the config says */

/** Borrowed text of a record; empty where it is absent. */
inline Text view(const flx_text &text) noexcept { return text.p ? Text(text.p, text.n) : Text(); }
inline Text view(const flx_decimal &decimal) noexcept { return view(decimal.text); }

/** Why the library did not do what it was asked for. */
struct Error : std::runtime_error {
    int32_t code;            /**< such as FLX_E_CONFLICT */
    std::string name;        /**< such as "FLX_E_CONFLICT" */
    std::string path;        /**< where: a JSON pointer, a config key or a parameter; may be empty */
    std::string json;        /**< all of it but the next; `faults` lists every fault of bad input */
    std::string hub_said;    /**< in the hub's own words: may name a buyer, not for logs */
    int http_status;         /**< 0 if there was none */
    int32_t verdict;         /**< one of FLX_VERDICT_ */
    bool retryable;          /**< the same call may succeed later */
    bool fatal;              /**< the object is of no further use */
    Milliseconds retry_after; /**< until it makes sense to try again, -1 if unknown */

    /** Takes an error of the library, which may be NULL. */
    Error(int32_t status, const flx_error *error)
        : std::runtime_error(sentence(status, error)), code(status), name(flx_status_name(status)),
          path(part(error, FLX_ERROR_PATH)), json(part(error, FLX_ERROR_JSON)), hub_said(part(error, FLX_ERROR_HUB_SAID)),
          http_status(static_cast<int>(flx_error_number(error, FLX_ERROR_HTTP_STATUS))),
          verdict(static_cast<int32_t>(flx_error_number(error, FLX_ERROR_VERDICT))),
          retryable(flx_error_number(error, FLX_ERROR_RETRYABLE) != 0), fatal(flx_error_number(error, FLX_ERROR_FATAL) != 0),
          retry_after(error ? flx_error_number(error, FLX_ERROR_RETRY_AFTER_MS) : -1) {}
    static std::string part(const flx_error *error, int32_t which)
    {
        std::pair<const char *, size_t> view{"", 0};
        if (error) flx_error_view(error, which, &view.first, &view.second);
        return std::string(view.first, view.second);
    }
    static std::string sentence(int32_t status, const flx_error *error)
    {
        const std::string message = part(error, FLX_ERROR_MESSAGE), place = part(error, FLX_ERROR_PATH);
        return flx_status_name(status) + (message.empty() ? "" : ": " + message) + (place.empty() ? "" : " [" + place + "]");
    }
};

/** The error of one code, or of a band of codes. */
template <int32_t Code, typename Above = Error> struct ErrorOf : Above {
    static constexpr int32_t of = Code;
    explicit ErrorOf(const Error &error) : Above(error) {}
};
using UseError = ErrorOf<-100>;       /**< the call is at fault */
using LocalError = ErrorOf<-200>;     /**< this machine */
using TransportError = ErrorOf<-300>; /**< between it and the hub */
using HubError = ErrorOf<-400>;       /**< the hub */
using InternalError = ErrorOf<-500>;  /**< the library */
using ConfigError = ErrorOf<FLX_E_CONFIG, UseError>;
using OrderError = ErrorOf<FLX_E_ORDER, UseError>;
using ConflictError = ErrorOf<FLX_E_CONFLICT, UseError>;
using NotFoundError = ErrorOf<FLX_E_NOT_FOUND, UseError>;
using StateBusyError = ErrorOf<FLX_E_STATE_BUSY, LocalError>;
using ClientBusyError = ErrorOf<FLX_E_CLIENT_BUSY, LocalError>;
using CanceledError = ErrorOf<FLX_E_CANCELED, LocalError>;
using TimeoutError = ErrorOf<FLX_E_TIMEOUT, TransportError>;
using TokenError = ErrorOf<FLX_E_TOKEN, HubError>;
using RefusedError = ErrorOf<FLX_E_REFUSED, HubError>;
/** A write whose effect is unknown, whatever the code: it may have reached the hub. */
struct PossiblyAppliedError : Error { explicit PossiblyAppliedError(const Error &error) : Error(error) {} };

namespace detail {
template <typename T, void (*Free)(T *)> struct Freed { void operator()(T *object) const noexcept { Free(object); } };
template <typename T, void (*Free)(T *)> using Owned = std::unique_ptr<T, Freed<T, Free>>;

template <typename... Known> void raise_if(int32_t code, const Error &e) { ((code == Known::of ? throw Known(e) : void()), ...); }

[[noreturn]] inline void raise(int32_t status, flx_error *raw = nullptr)
{
    const Owned<flx_error, flx_error_free> owned(raw);
    const Error error(status, raw);
    if (error.verdict == FLX_VERDICT_POSSIBLY_APPLIED) throw PossiblyAppliedError(error);
    raise_if<ConfigError, OrderError, ConflictError, NotFoundError, StateBusyError, ClientBusyError, CanceledError,
             TimeoutError, TokenError, RefusedError>(status, error);
    raise_if<UseError, LocalError, TransportError, HubError>(status / 100 * 100, error);
    throw InternalError(error);
}

/* An argument as C takes it: text is two, and a wait is a number. */
template <typename T> std::tuple<T> in_c(T argument) { return {argument}; }
inline std::tuple<const char *, size_t> in_c(Text text) { return {text.data(), text.size()}; }
inline std::tuple<int32_t> in_c(Milliseconds t) { return {int32_t(std::clamp<int64_t>(t.count(), INT32_MIN, INT32_MAX))}; }

/** Calls a function whose last parameter is the error. */
template <typename Function, typename... Arguments> int32_t call(Function *function, Arguments... arguments)
{
    flx_error *error = nullptr;
    const int32_t status = std::apply(function, std::tuple_cat(in_c(arguments)..., std::make_tuple(&error)));
    if (status < 0) raise(status, error);
    return status;
}

/** Calls a function that makes an object. */
template <typename T, typename Function, typename... Arguments> T *made(Function *function, Arguments... arguments)
{
    T *object = nullptr;
    call(function, arguments..., &object);
    return object;
}

inline std::string text(flx_blob *blob)
{
    const Owned<flx_blob, flx_blob_free> owned(blob);
    std::pair<const void *, size_t> view{nullptr, 0};
    flx_blob_view(blob, &view.first, &view.second);
    return std::string(static_cast<const char *>(view.first), view.second);
}

/** Calls a function that gives a blob. */
template <typename F, typename... Arguments> std::string json(F *function, Arguments... arguments)
{
    return text(made<flx_blob>(function, arguments...));
}

/** Calls a function that gives a view of its object. */
template <typename Function, typename... Arguments> Text borrowed(Function *function, Arguments... arguments)
{
    const char *bytes = nullptr;
    size_t n = 0;
    const int32_t status = std::apply(function, std::tuple_cat(in_c(arguments)..., std::make_tuple(&bytes, &n)));
    if (status < 0) raise(status);
    return Text(bytes, n);
}

/* What algorithms ask of an iterator. */
template <typename Reference, typename Category> struct Iterator {
    using iterator_category = std::conditional_t<std::is_reference_v<Reference>, Category, std::input_iterator_tag>;
    using value_type = std::remove_cv_t<std::remove_reference_t<Reference>>;
    using reference = Reference; using pointer = std::add_pointer_t<Reference>; using difference_type = std::ptrdiff_t;
};
/* Not lambdas: those cannot be assigned, nor made of nothing, as an iterator can. */
template <typename T> struct ListAt { const T *const *items; const T &operator()(size_t i) const { return *items[i]; } };
template <typename T> struct RecordAt {
    const flx_page *page; const T *(*record)(const flx_page *, size_t);
    const T &operator()(size_t i) const { const T *found = record(page, i); return found ? *found : (raise(FLX_E_USE), *found); }
};
} // namespace detail

/** Whatever has elements by their number. Algorithms of <algorithm> and <numeric> take its iterators, which outlive it. */
template <typename At> struct Range {
    struct iterator : detail::Iterator<decltype(std::declval<const At &>()(0)), std::forward_iterator_tag> {
        At at{}; size_t i = 0;
        decltype(auto) operator*() const { return at(i); }
        auto operator->() const { return std::addressof(at(i)); }
        iterator &operator++() noexcept { return ++i, *this; }
        iterator operator++(int) noexcept { return {{}, at, i++}; }
        bool operator==(const iterator &other) const noexcept { return i == other.i; }
        bool operator!=(const iterator &other) const noexcept { return i != other.i; }
    };
    At at;
    size_t count;
    size_t size() const noexcept { return count; }
    decltype(auto) operator[](size_t i) const { return at(i); }
    iterator begin() const { return {{}, at, 0}; }
    iterator end() const { return {{}, at, count}; }
};
template <typename At> Range(At, size_t) -> Range<At>;

/** A list within a record: flx::list(variant.images, variant.image_count). */
template <typename T> auto list(const T *const *items, size_t count) { return Range{detail::ListAt<T>{items}, count}; }

/** The records of a page as structs. One that there is not (another feed's page, or too large for it) is a UseError. */
template <typename T> auto records(const flx_page *page, const T *(*record)(const flx_page *, size_t))
{
    return Range{detail::RecordAt<T>{page, record}, flx_page_count(page)};
}

/** One answer of the hub to a pull: some records. */
struct Page {
    detail::Owned<flx_page, flx_page_free> handle;
    explicit Page(flx_page *page) noexcept : handle(page) {}
    const flx_page *get() const noexcept { return handle.get(); }
    size_t size() const noexcept { return flx_page_count(get()); }
    int32_t feed() const noexcept { return flx_page_feed(get()); }
    size_t left_out() const noexcept { return flx_page_left_out(get()); }
    Text json() const { return detail::borrowed(flx_page_json, get()); }
    Text receipt() const { return detail::borrowed(flx_page_receipt, get()); }
    std::string quarantine() const { return detail::json(flx_page_quarantine, get()); }
    std::string facts() const { return detail::json(flx_page_facts, get()); }
    Text record(size_t i) const { return detail::borrowed(flx_record_json, get(), i); }
    /** One value of a record by its JSON pointer; a NotFoundError where it is absent or null. */
    Text value(size_t i, Text path) const { return detail::borrowed(flx_record_get, get(), i, path); }
    auto variants() const { return records(get(), flx_page_listing_variant); }
    auto parents() const { return records(get(), flx_page_listing_parent); }
    auto orders() const { return records(get(), flx_page_order); }
    auto shipments() const { return records(get(), flx_page_shipment); }
    auto returns() const { return records(get(), flx_page_return); }
};

/** A walk over a feed, and a range of its pages. */
struct Pull {
    detail::Owned<flx_pull, flx_pull_close> handle;
    bool done = false; /**< the end is proven */
    explicit Pull(flx_pull *pull) noexcept : handle(pull) {}

    /** The next page; nothing if there is none yet, or none any more. */
    std::optional<Page> next(Milliseconds wait = configured)
    {
        flx_page *page = nullptr;
        done = detail::call(flx_pull_next, handle.get(), wait, &page) == FLX_DONE;
        return page ? std::make_optional<Page>(page) : std::nullopt;
    }
    void commit(const Page &page) { detail::call(flx_pull_commit, handle.get(), page.get()); }

    /** Goes on to the proven end; a failure that does not pass is thrown. Keeps its page; a copy of it asks the same pull. */
    struct iterator : detail::Iterator<const Page &, std::input_iterator_tag> {
        Pull *pull = nullptr;
        std::shared_ptr<const Page> page;
        explicit iterator(Pull *from = nullptr) : pull(from) { if (pull) ++*this; }
        const Page &operator*() const { return *page; }
        const Page *operator->() const { return page.get(); }
        bool operator==(const iterator &other) const noexcept { return pull == other.pull; }
        bool operator!=(const iterator &other) const noexcept { return pull != other.pull; }
        iterator &operator++()
        {
            std::optional<Page> next;
            do next = pull->next(); while (!next && !pull->done);
            page = next ? std::make_shared<const Page>(std::move(*next)) : nullptr;
            return pull = page ? pull : nullptr, *this;
        }
        iterator operator++(int) { iterator before = *this; return ++*this, before; }
    };
    iterator begin() { return iterator(this); }
    iterator end() noexcept { return iterator(); }
};

/** A switch that any thread may throw. It must live until the clients that it was given to are closed. */
struct Cancel {
    detail::Owned<flx_cancel, flx_cancel_free> handle{flx_cancel_new()};
    Cancel() { if (!handle) detail::raise(FLX_E_STATE); }
    void fire() noexcept { flx_cancel_fire(handle.get()); }
    void reset() noexcept { flx_cancel_reset(handle.get()); }
};

/** Settings for a client: Config{{"channel", "shop"}, ...}. */
struct Config {
    using Log = std::function<void(int32_t level, Text line)>;
    detail::Owned<flx_config, flx_config_free> handle{detail::made<flx_config>(flx_config_new)};

    Config(std::initializer_list<std::pair<Text, Text>> pairs = {}) { for (const auto &[key, value] : pairs) set(key, value); }
    void set(Text key, Text value) { detail::call(flx_config_set, handle.get(), key, value); }
    void set_json(Text json) { detail::call(flx_config_set_json, handle.get(), json); }
    void move_state(const Config &to) const { detail::call(flx_state_move, handle.get(), to.handle.get()); } /**< since 1.1 */

    /** What `log` throws is lost: the library is inside a call. */
    void on_log(Log log)
    {
        const flx_log_fn write = [](void *held, int32_t level, const char *line, size_t n) {
            try { (*static_cast<Log *>(held))(level, Text(line, n)); } catch (...) {}
        };
        const flx_drop_fn drop = [](void *held) { delete static_cast<Log *>(held); };
        auto held = std::make_unique<Log>(std::move(log));
        detail::call(flx_config_on_log, handle.get(), write, static_cast<void *>(held.get()), drop);
        held.release(); /* the library drops it */
    }
};

/** An order that is written field by field, without a JSON library. */
struct OrderBuilder {
    detail::Owned<flx_order_builder, flx_order_builder_free> handle;
    explicit OrderBuilder(Text number) : handle(detail::made<flx_order_builder>(flx_order_builder_new, number)) {}
    OrderBuilder &set(Text path, Text value) { return detail::call(flx_order_builder_set, handle.get(), path, value), *this; }
    OrderBuilder &item(Text sku, int64_t quantity, Text price = {})
    {
        return detail::call(flx_order_builder_add_item, handle.get(), sku, quantity, price), *this;
    }
};

/** Handles one event, which is JSON, and replies in JSON: "true" is done, "" says nothing and the event comes again. */
using Handler = std::function<std::string(Text event)>;

/** A function for each type of event, or none: what has none is not run. */
struct Handlers {
    Handler result, publish, sync, change, order, shipment, other_parcel, goods_return, gone, progress;
    std::exception_ptr thrown = nullptr; /**< the first that a handler threw: its event comes again, the others go on */

    template <Handler Handlers::*Which> static int32_t handle(void *self, flx_sync *sync, int64_t event, const char *json, size_t n)
    {
        auto &handlers = *static_cast<Handlers *>(self);
        try {
            const std::string reply = (handlers.*Which)(Text(json, n));
            if (event == 0 || reply.empty()) return FLX_SYNC_LATER;
            detail::call(flx_sync_reply, sync, event, Text(reply));
            return FLX_SYNC_REPLIED;
        } catch (...) {
            if (!handlers.thrown) handlers.thrown = std::current_exception();
            return FLX_SYNC_LATER;
        }
    }
    template <Handler Handlers::*Which> flx_sync_fn or_none() const noexcept { return this->*Which ? handle<Which> : nullptr; }
};

/** One open channel. Pulls and pages of it may outlive it. */
struct Client {
    detail::Owned<flx_client, flx_client_close> handle;
    explicit Client(const Config &config)
    {
        if (const int32_t status = flx_require(FLX_VERSION); status < 0) detail::raise(status);
        handle.reset(detail::made<flx_client>(flx_client_open, config.handle.get()));
    }
    flx_client *get() const noexcept { return handle.get(); }
    std::string probe(Milliseconds wait = configured) { return detail::json(flx_client_probe, get(), wait); }
    std::string stats() { return detail::json(flx_client_stats, get()); }
    std::string holders() { return detail::json(flx_client_holders, get()); }
    std::string logs() { return detail::json(flx_client_logs, get()); }
    void set_token(Text token) { detail::call(flx_client_set_token, get(), token); }
    void relearn(Text what = {}) { detail::call(flx_client_relearn, get(), what); }
    void set_cancel(Cancel *cancel) { detail::call(flx_client_set_cancel, get(), cancel ? cancel->handle.get() : nullptr); }

    Pull pull(int32_t feed, Text spec = {}) { return Pull(detail::made<flx_pull>(flx_pull_open, get(), feed, spec)); }
    void ack(Text receipt, Text answers) { detail::call(flx_ack, get(), receipt, answers); }
    std::string ack_results(int64_t after, size_t max) { return detail::json(flx_ack_results, get(), after, max); }
    std::string snapshot(Text query) { return detail::json(flx_snapshot_get, get(), query); }
    std::string cursors() { return detail::json(flx_cursor_list, get()); }
    void set_cursor(int32_t feed, Text cursor, Text name = {}) { detail::call(flx_cursor_set, get(), feed, name, cursor); }

    std::string submit(Text order) { return detail::json(flx_order_submit, get(), order); }
    std::string submit(const OrderBuilder &order)
    {
        return detail::json(flx_order_builder_submit, get(), static_cast<const flx_order_builder *>(order.handle.get()));
    }
    Page order_status(Text number, Milliseconds wait = configured)
    {
        return Page(detail::made<flx_page>(flx_order_status, get(), number, wait));
    }
    std::string cancel_order(Text number, Milliseconds t = configured) { return detail::json(flx_order_cancel, get(), number, t); }
    /** Sends for a slice of time. True while a call now, or soon, goes on. */
    bool flush(Milliseconds budget, std::string *report = nullptr)
    {
        flx_blob *blob = nullptr;
        const int32_t status = detail::call(flx_flush, get(), budget, report ? &blob : nullptr);
        if (report) *report = detail::text(blob);
        return status == FLX_AGAIN;
    }
    std::string results(size_t max) { return detail::json(flx_outbox_results, get(), max); }
    void settle(Text numbers) { detail::call(flx_outbox_settle, get(), numbers); }
    void retry(Text numbers) { detail::call(flx_outbox_retry, get(), numbers); }
    void discard(Text numbers) { detail::call(flx_outbox_discard, get(), numbers); }
    std::string outbox(Text filter = {}) { return detail::json(flx_outbox_list, get(), filter); }
    std::string history(Text number) { return detail::json(flx_outbox_history, get(), number); }
    std::string purge(Text filter) { return detail::json(flx_outbox_purge, get(), filter); }

    /** Runs a round of all the work and gives its summary; `thrown` is of this round alone. */
    std::string sync(Handlers &handlers, Text plan = {})
    {
        using H = Handlers;
        handlers.thrown = nullptr;
        const H &h = handlers;
        const flx_sync_handlers table{sizeof table, 0, &handlers, h.or_none<&H::result>(), h.or_none<&H::publish>(),
            h.or_none<&H::sync>(), h.or_none<&H::change>(), h.or_none<&H::order>(), h.or_none<&H::shipment>(),
            h.or_none<&H::other_parcel>(), h.or_none<&H::goods_return>(), h.or_none<&H::gone>(), h.or_none<&H::progress>()};
        return detail::json(flx_sync_run, get(), plan, &table);
    }
    std::string call(Text id, Text args = {}, Milliseconds t = configured) { return detail::json(flx_call, get(), id, args, t); }
    std::string preview(Text what = {}) { return detail::json(flx_preview, get(), what); }
};
inline std::string describe(Text topic) { return detail::json(flx_describe, topic); }
inline std::string order_check(Text order) { return detail::json(flx_order_check, order); }
} // namespace flx

#endif /* FLXCHANNEL_HPP */
