<?php

namespace WP_CLI\Utils;

/** Prints rows: as JSON, or a line each with tabs between the columns. */
function format_items(string $format, array $items, array $fields): void
{
    $empty = array_fill_keys($fields, '');
    $rows = array_map(fn (array $item): array => array_replace($empty, array_intersect_key($item, $empty)), $items);
    if ($format === 'json') {
        echo json_encode($rows), "\n";
        return;
    }
    foreach ([array_combine($fields, $fields), ...$rows] as $row) {
        echo implode("\t", $row), "\n";
    }
}
