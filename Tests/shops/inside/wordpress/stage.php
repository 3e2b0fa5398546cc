<?php

// What the rig does to the shop from inside: a plugin that WordPress always loads, and no shop has.

// A worker of php-fpm is killed between the commit of a checkout and the channel: at the first query behind the next COMMIT.
add_filter('query', static function (string $query): string {
    static $is_committed = false;
    $order = WP_CONTENT_DIR . '/die-after-commit';
    if ($is_committed && is_file($order)) {
        unlink($order);
        posix_kill(getmypid(), 9);
    }
    $is_committed = $query === 'COMMIT';
    return $query;
});

// How often parts are read: what the environment says.
add_filter('flxchannel_plan', static fn (array $plan): array => $plan + (array) json_decode((string) getenv('SHOP_PLAN'), true));

// The hub's pictures are at no address that there is.
add_filter('get_post_metadata', static function (mixed $value, int $post, string $key): mixed {
    return $key === '_flxchannel_images' ? [[home_url("/picture/$post.svg")]] : $value;
}, 10, 3);
