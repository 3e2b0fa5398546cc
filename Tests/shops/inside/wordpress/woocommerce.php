<?php

// A stand-in for WooCommerce, which Debian does not have: what of its documented classes and functions the adapter uses.
// Orders and products stand in options, so that every process of the shop has them.

// phpcs:disable Squiz.Classes.ValidClassName, PSR1.Methods.CamelCapsMethodName -- the names are WooCommerce's

/** An order, made of its values. */
final class WC_Order
{
    public function __construct(private readonly int $id, private array $data)
    {
    }

    /** `get_shipping_city()` and the like give what stands there. */
    public function __call(string $name, array $arguments): mixed
    {
        return $this->data[substr($name, strlen('get_'))] ?? throw new BadMethodCallException("WC_Order has no $name here");
    }

    public function get_items(): array
    {
        return array_map(fn (array $item): WC_Order_Item_Product => new WC_Order_Item_Product($item), $this->data['items']);
    }

    /** Without tax, rounded to cents: a float, as WooCommerce has it. */
    public function get_item_total(WC_Order_Item_Product $item): float
    {
        return round($item->item['total'] / $item->item['quantity'], 2);
    }

    public function get_date_created(): DateTime
    {
        return new DateTime($this->data['date_created']);
    }

    public function get_meta(string $key): mixed
    {
        return $this->data['meta'][$key] ?? '';
    }

    public function update_meta_data(string $key, mixed $value): void
    {
        $this->data['meta'][$key] = $value;
    }

    public function add_order_note(string $note, int $isForBuyer = 0): void
    {
        $this->data['notes'][] = ($isForBuyer ? 'buyer: ' : '') . $note;
        $this->save();
    }

    /** @param string|string[] $status One of these. */
    public function has_status(string|array $status): bool
    {
        return in_array($this->data['status'], (array) $status, true);
    }

    public function has_shipping_address(): bool
    {
        return ($this->data['shipping_address_1'] ?? '') !== '' || ($this->data['shipping_address_2'] ?? '') !== '';
    }

    public function get_address(string $kind): array
    {
        $names = ['first_name', 'last_name', 'company', 'address_1', 'address_2', 'city', 'postcode', 'state', 'country'];
        return array_combine($names, array_map(fn (string $name): string => $this->data["{$kind}_$name"] ?? '', $names));
    }

    public function update_status(string $status, string $note = ''): void
    {
        $this->data['status'] = $status;
        $note === '' || $this->data['notes'][] = $note;
        $this->save();
        do_action("woocommerce_order_status_$status", $this->id, $this);
    }

    public function save(): void
    {
        update_option("stand_in_order_$this->id", $this->data, false);
    }
}

/** A line of an order. */
final class WC_Order_Item_Product
{
    public function __construct(public readonly array $item)
    {
    }

    public function get_quantity(): int
    {
        return $this->item['quantity'];
    }

    public function get_name(): string
    {
        return $this->item['name'];
    }

    public function get_product(): WC_Product
    {
        return new WC_Product($this->item['sku']);
    }
}

/** A product: each setter is kept under its name. */
final class WC_Product
{
    public function __construct(private readonly string $sku, private array $data = [])
    {
    }

    public function get_sku(): string
    {
        return $this->sku;
    }

    public function __call(string $name, array $arguments): void
    {
        str_starts_with($name, 'set_') || throw new BadMethodCallException("WC_Product has no $name here");
        $this->data[substr($name, strlen('set_'))] = $arguments[0];
    }

    public function save(): void
    {
        update_option("stand_in_product_$this->sku", array_replace(get_option("stand_in_product_$this->sku"), $this->data), false);
    }
}

function wc_get_order(int $id): WC_Order|false
{
    $data = get_option("stand_in_order_$id");
    return $data ? new WC_Order($id, $data) : false;
}

/** Products have an id that is told from their SKU; 0 is none. */
function wc_get_product_id_by_sku(string $sku): int
{
    return get_option("stand_in_product_$sku") ? crc32($sku) : 0;
}

function wc_get_product(int $id): WC_Product|false
{
    foreach (get_option('stand_in_skus', []) as $sku) {
        if (crc32($sku) === $id) {
            return new WC_Product($sku);
        }
    }
    return false;
}

function wc_format_decimal(float|string $number, int $places): string
{
    return number_format((float) $number, $places, '.', '');
}
