<?php

/*
 * Loads the classes of flxchannel when they are named:  require '.../autoload.php';
 *
 * Composer requires this file by itself; a plugin without Composer requires it by hand.
 */

declare(strict_types=1);

spl_autoload_register(static function (string $class): void {
    if (!str_starts_with($class, 'Flxchannel\\')) {
        return;
    }
    $name = substr($class, strlen('Flxchannel\\'));
    $file = match (true) {
        str_ends_with($name, 'Exception') => 'Codes/errors',
        in_array($name, ['Codes', 'Feed', 'ShipmentKind', 'Verdict'], true) => 'Codes/codes',
        in_array($name, ['ErrorClasses', 'Named'], true) => "Codes/$name",
        str_ends_with($name, 'Backend'), str_starts_with($name, 'Ffi') => "Backend/$name",
        default => $name,
    };
    if (is_file(__DIR__ . "/src/$file.php")) {
        require_once __DIR__ . "/src/$file.php";
    }
});
