#include <stdlib.h>
#include <string.h>
#include "call.h"
#include "connection.h"
#include "exact.h"

static void make_exact(call *c)
{
    const void *text;
    size_t n;
    lib.flx_blob_view(c->blob, &text, &n);
    c->json.p = malloc(exact_json(text, n, NULL) + 1);
    if (c->json.p)
        c->json.n = exact_json(text, n, c->json.p);
    else
        c->status = FLX_E_MEMORY;
    lib.flx_blob_free(c->blob);
    c->blob = NULL;
}

void call_run(call *c)
{
    c->status = c->what->run(c);
    if (c->blob)
        make_exact(c);
}

void bytes_free(bytes *b)
{
    if (b->p)
        explicit_bzero(b->p, b->n);
    free(b->p);
    *b = (bytes){NULL, 0};
}

/* What nobody took: the promise was never settled, for the environment is going away. */
static void free_made(call *c)
{
    if (!c->made.any)
        return;
    switch (c->what->made) {
    case MAKES_PULL:
        lib.flx_pull_close(c->made.pull);
        break;
    case MAKES_PAGE:
        lib.flx_page_free(c->made.page);
        break;
    case MAKES_SYNC:
        lib.flx_sync_close(c->made.sync);
        break;
    case MAKES_NOTHING:
        break;
    }
}

void call_free(call *c)
{
    free_made(c);
    lib.flx_error_free(c->error);
    bytes_free(&c->text);
    bytes_free(&c->more);
    bytes_free(&c->json);
    connection_release(c->of);
    free(c);
}
