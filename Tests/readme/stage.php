<?php

// What the handler of a README takes for granted: a shop.

function shop_save(array $record): bool
{
    return isset($record['id'], $record['sku']);
}

function shop_set_status(string $sku, string $to): bool
{
    return $sku !== '' && $to !== '';
}

function shop_note(array $event): bool
{
    return isset($event['order']) || isset($event['record']);
}
