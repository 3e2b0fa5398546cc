<?php

// What a block of the PHP binding takes for granted: a shop, its order, and its channel's token.

require_once __DIR__ . '/../../bindings/php/autoload.php';

$token = getenv('FLX_TOKEN');
$order = [
    'orderNumber' => 'A-1001', 'orderedAt' => '2026-01-31T12:00:00Z', 'shippingText' => 'Standard',
    'shippingAddress' => ['name' => 'Ada Example', 'addressLine1' => '1 Test Street', 'city' => 'Springfield', 'postal' => '62701',
        'stateCode' => 'IL', 'countryCode' => 'US'],
    'orderItems' => [['sku' => getenv('FLX_SKU'), 'quantity' => 1, 'price' => '19.99']],
];

/** Takes what it is told, if it is what the README says. */
final class Shop
{
    public function makePage(array $event): array
    {
        return ['externalId' => "page-{$event['id']}"];
    }

    public function setPriceAndStock(array $event): bool
    {
        $price = $event['record']['price'] ?? '';
        return is_string($event['sku']) && is_string($price) ?: throw new TypeError('a price is not text');
    }

    public function hideOrList(array $event): bool
    {
        return $event['to'] !== '';
    }

    public function takeDown(array $event): void
    {
    }

    public function noteOrder(array $event): void
    {
        remember($event['order']['number'], $event['order']['verdict']);
    }

    public function setStatus(array $event): void
    {
    }

    public function tellBuyer(array $event): void
    {
    }
}

$shop = new Shop();

/** The answer to a variant that the shop stored. */
function store(array $variant): array
{
    $change = $variant['changeToListingStatus'] ?? $variant['parent']['changeToListingStatus'] ?? null;
    return ['id' => $variant['id']] + ($change ? ['confirm' => $change['handle']] : []);
}

function remember(string $number, string $verdict): void
{
    [$number, $verdict] === ['A-1001', 'applied'] || exit(1);
}

function note_parcel(?string $number, Flxchannel\ShipmentKind $kind, array $record): void
{
}

function log_for_people(string $message): void
{
    exit($message);
}
