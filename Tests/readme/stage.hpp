/* What a block of C++ in a README takes for granted: the stage of C, and what C++ calls it with. */
#include "stage.h"

#include <string_view>

/* The settings of the block, one by one, with the hub and the folder of this run in place of those that it names. */
static inline int32_t staged_one(flx_config *config, const char *key, size_t kn, const char *val, size_t vn,
                                 flx_error **err)
{
    const struct {
        const char *key, *variable;
    } here[] = {{"token", "FLX_TOKEN"}, {"state_dir", "FLX_STATE_DIR"}};
    int32_t status = flx_config_set(config, key, kn, val, vn, err);

    for (const auto &one : here)
        if (status == FLX_OK && std::string_view(key, kn) == one.key)
            status = flx_config_set(config, key, kn, getenv(one.variable), FLX_NUL, err);
    return status != FLX_OK ? status : flx_config_set(config, "origin", FLX_NUL, getenv("FLX_URL"), FLX_NUL, err);
}
#define flx_config_set staged_one
#include "flxchannel.hpp"
#undef flx_config_set

#include <iostream>

using namespace std::chrono_literals;

static inline void save(std::string_view sku, std::string_view)
{
    saved += !sku.empty();
}

static inline const char *answers_for(const flx::Page &page)
{
    return answers_for(const_cast<flx_page *>(page.get()));
}
