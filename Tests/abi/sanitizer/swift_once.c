/*
 * Tells the thread sanitizer what swift_once() does. Swift makes each global at its first use under a lock of its own,
 * which the sanitizer cannot see: every global would count as a race.
 *
 * Linked into the library of `make sanitize` alone, with --wrap=swift_once.
 */
void __tsan_acquire(void *);
void __tsan_release(void *);
void __real_swift_once(void *token, void (*make)(void *), void *context);
void __wrap_swift_once(void *token, void (*make)(void *), void *context);

struct making {
    void *token;
    void (*make)(void *);
    void *context;
};

static void make_and_release(void *context)
{
    struct making *making = context;

    making->make(making->context);
    __tsan_release(making->token);
}

void __wrap_swift_once(void *token, void (*make)(void *), void *context)
{
    struct making making = {token, make, context};

    __real_swift_once(token, make_and_release, &making);
    __tsan_acquire(token);
}
