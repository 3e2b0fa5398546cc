<?php

// What a block of a plugin takes for granted: WordPress's hooks, WooCommerce's classes, and the channel's plugin. At the end of
// the block an order is paid for, in whichever shop it listens to.

require_once __DIR__ . '/../../bindings/php/autoload.php';
require_once __DIR__ . '/../shops/inside/wordpress/woocommerce.php';

function add_action(string $hook, callable $listener, int $priority = 10, int $arguments = 1): void
{
    $GLOBALS['hooks'][$hook][] = fn (mixed ...$given): mixed => $listener(...array_slice($given, 0, $arguments));
}

function do_action(string $hook, mixed ...$given): void
{
    foreach ($GLOBALS['hooks'][$hook] ?? [] as $listener) {
        $listener(...$given);
    }
}

// As the plugin does it: the order goes, and a round of all the work is run.
add_action('flxchannel_order', function (array $order): void {
    $client = new Flxchannel\Client(['channel' => 'shop', 'token' => getenv('FLX_TOKEN'), 'state_dir' => getenv('FLX_STATE_DIR'),
        'origin' => getenv('FLX_URL')]);
    $client->submit($order + ['orderedAt' => '2026-01-31T12:00:00Z', 'shippingText' => 'Standard']);
    $client->sync(['publish' => fn () => true, 'sync' => fn () => true, 'change' => fn () => true, 'result' => fn () => true]);
});

register_shutdown_function(function (): void {
    $to = ['first_name' => 'Ada', 'last_name' => 'Example', 'company' => '', 'address_1' => '1 Test Street', 'address_2' => '',
        'city' => 'Springfield', 'postcode' => '62701', 'state' => 'IL', 'country' => 'US'];
    $values = ['billing_email' => 'ada@example.com', 'billing_phone' => '', 'shipping_method' => 'Standard', 'total' => '19.99',
        'date_created' => '2026-01-31T12:00:00Z',
        'items' => [['sku' => getenv('FLX_SKU'), 'quantity' => 1, 'total' => 19.99, 'name' => 'It']]];
    foreach ($to as $name => $text) {
        $values["shipping_$name"] = $text;
    }
    do_action('woocommerce_order_status_processing', 7, new WC_Order(7, $values));
    do_action('my_shop_order_is_paid', ['id' => 7, 'total' => '19.99', 'name' => 'Ada Example', 'street' => '1 Test Street',
        'city' => 'Springfield', 'zip' => '62701', 'country' => 'US', 'email' => 'ada@example.com',
        'lines' => [['sku' => getenv('FLX_SKU'), 'count' => 1, 'price' => '19.99']]]);
});
